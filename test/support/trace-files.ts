import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type TraceLine = Record<string, unknown>;

/** Lines of the trace files in a folder, by the first word of the file's name. Every line must be JSON. */
export function readTraceFiles(folder: string): { traces: TraceLine[]; observations: TraceLine[] } {
  const lines = (word: string): TraceLine[] =>
    readdirSync(folder)
      .filter((name) => name.startsWith(`${word}_`))
      .toSorted()
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as TraceLine);
  return { traces: lines('traces'), observations: lines('observations') };
}
