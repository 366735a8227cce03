import { ask } from './plain.mjs';

void ask();
