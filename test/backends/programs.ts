import { runProgram, type Target } from './run-program.js';

/** A program whose spans are sent to every back end. */
export interface Program {
  readonly name: string;
  readonly file: string;
  /** How many spans it makes. */
  readonly spans: number;
  readonly mode?: string;
}

/** The example agent; what it does not have; and numbers that encodings have trouble with. */
export const AGENT: Program = {
  name: 'example agent',
  file: 'examples/support-agent/agent-with-steps.js',
  spans: 26,
};
export const PROGRAMS: readonly Program[] = [
  AGENT,
  // Their spans are those of any app: they need a provider for the whole program.
  { name: 'every kind of span and value', file: 'test/backends/edges.mjs', spans: 13, mode: 'global' },
  { name: 'numbers beyond JSON', file: 'test/backends/numbers.mjs', spans: 6, mode: 'global' },
];

/** Runs a program that sends to several receivers at once. */
export async function sendToAll(
  { file, mode }: Program,
  service: string,
  folder: string,
  targets: readonly Target[],
): Promise<void> {
  await runProgram({
    program: file,
    service,
    folder,
    options: { targets, ...(mode === undefined ? {} : { mode }) },
  });
}
