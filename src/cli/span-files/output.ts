import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { SpoorError } from '../../shared/errors.js';
import type { Terminal } from '../command.js';

/** Where long output goes: each write waits until there is room for the next. */
export interface Output {
  write(text: string): Promise<void>;
  end(): Promise<void>;
}

/** The file with this name, else standard output. Rejects with `SPOOR_USAGE` when the file cannot be written. */
export function openOutput(path: string | undefined, terminal: Terminal): Output {
  return path === undefined ? terminalOutput(terminal) : fileOutput(path);
}

function terminalOutput(terminal: Terminal): Output {
  return {
    async write(text) {
      terminal.out(text);
      await terminal.drained();
    },
    end: () => terminal.drained(),
  };
}

function fileOutput(path: string): Output {
  const file = createWriteStream(path);
  let failure: Error | undefined;
  file.on('error', (cause) => (failure = cause));
  const check = (): void => {
    if (failure === undefined) return;
    throw new SpoorError('SPOOR_USAGE', `"${path}" cannot be written: ${failure.message}`, {
      cause: failure,
    });
  };
  return {
    async write(text) {
      check();
      if (!file.write(text) && failure === undefined)
        await Promise.race([once(file, 'drain'), once(file, 'close')]);
    },
    async end() {
      file.end();
      if (!file.closed) await once(file, 'close');
      check();
    },
  };
}
