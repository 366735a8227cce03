import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { rereadEnvironment } from './settings.js';

export interface LoadEnvOptions {
  /** True lets the file win over variables that are set already. Default false. */
  override?: boolean;
}

/**
 * Reads a `.env` file into `process.env` and takes up the options in it, as far as none was given in code. Nothing reads
 * such a file unasked. Call it before `init`: what runs already keeps its endpoint.
 *
 * @param path a file, or a folder with a `.env` in it. Default: the working directory.
 * @returns whether there was a file that could be read.
 *
 * @example
 * loadEnv();
 * init({ serviceName: 'support-agent' });
 */
export function loadEnv(path: string = '.', { override = false }: LoadEnvOptions = {}): boolean {
  const text = readText(path);
  if (text === undefined) return false;
  for (const [name, value] of Object.entries(parseEnv(text))) {
    if (override || process.env[name] === undefined) process.env[name] = value;
  }
  rereadEnvironment();
  return true;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(statSync(path).isDirectory() ? join(path, '.env') : path, 'utf8');
  } catch {
    return undefined;
  }
}
