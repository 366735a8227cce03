import { createReadStream } from 'node:fs';
import { SpoorError } from '../../shared/errors.js';
import type { Terminal } from '../command.js';

const CHUNK_BYTES = 256 * 1024;

/**
 * The text of a file, or of standard input for `-`, in chunks. A file that ends in `.gz` is unpacked.
 * @throws SpoorError `SPOOR_USAGE` when the file cannot be read
 */
export async function* openText(path: string, terminal: Pick<Terminal, 'stdin'>): AsyncGenerator<string> {
  if (path === '-') {
    yield* terminal.stdin();
    return;
  }
  try {
    yield* fileText(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    throw new SpoorError('SPOOR_USAGE', `"${path}" cannot be read: ${message}`, { cause });
  }
}

async function* fileText(path: string): AsyncGenerator<string> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  if (!path.endsWith('.gz')) {
    yield* file.setEncoding('utf8') as AsyncIterable<string>;
    return;
  }
  const { createGunzip } = await import('node:zlib');
  const gunzip = createGunzip();
  file.on('error', (cause) => gunzip.destroy(cause));
  yield* file.pipe(gunzip).setEncoding('utf8') as AsyncIterable<string>;
}
