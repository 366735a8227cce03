import { ask } from './agent.mjs';

void ask();
