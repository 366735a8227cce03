import type { Terminal } from './command.js';

/** Tells how far long work is, on standard error. */
export interface Progress {
  /** Shows a line in place of the last, at most twice a second. */
  show(line: () => string): void;
  /** Clears what is shown. */
  end(): void;
}

const PAUSE_MS = 500;

/** Makes a progress line; one that is `quiet` shows nothing, for commands that print JSON. */
export function createProgress(
  terminal: Pick<Terminal, 'err'>,
  { quiet = false }: { quiet?: boolean } = {},
): Progress {
  let shownMs = performance.now();
  let width = 0;
  const show = (text: string): void => {
    terminal.err(`\r${text.padEnd(width)}`);
    width = text.length;
  };
  return {
    show(line) {
      if (quiet || performance.now() - shownMs < PAUSE_MS) return;
      show(line());
      shownMs = performance.now();
    },
    end() {
      if (width > 0) terminal.err(`\r${' '.repeat(width)}\r`);
      width = 0;
    },
  };
}
