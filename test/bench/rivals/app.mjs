import process from 'node:process';
import OpenAI from 'openai';

const { user, system } = process.cpuUsage();
process.stdout.write(JSON.stringify({ micros: user + system, loaded: typeof OpenAI }));
process.exit(0);
