import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const NEWLINE = 0x0a;
/** One write stays in the megabytes. */
const MAX_WRITE_BYTES = 4_000_000;

/**
 * Appends lines to a file, which is made with its folder when it is not there. Whole lines go out in one write each time, in
 * append mode, so that several processes may write to one file. A line that was torn before, by a crash or a full
 * disk, is closed first: it costs its own record and not the next one.
 *
 * @returns how many of the lines are written whole, and the error that kept the others out.
 */
export function appendLines(path: string, lines: readonly string[]): { written: number; error?: unknown } {
  let written = 0;
  let file: number | undefined;
  try {
    file = openForAppend(path);
    let isTorn = endsTorn(file);
    while (written < lines.length) {
      const { text, count } = nextWrite(lines, written);
      const bytes = Buffer.from(isTorn ? `\n${text}` : text);
      const size = writeSync(file, bytes);
      if (size === bytes.length) {
        isTorn = false;
        written += count;
        continue;
      }
      if (size === 0) throw new Error('nothing could be written');
      // The disk filled up in the middle: the lines that are whole count, the torn one is written again.
      written += wholeLines(bytes.subarray(0, size)) - (isTorn ? 1 : 0);
      isTorn = bytes[size - 1] !== NEWLINE;
    }
    return { written };
  } catch (error) {
    return { written, error };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Reading too, to see how the file ends. */
function openForAppend(path: string): number {
  try {
    return openSync(path, 'a+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'a+');
  }
}

function endsTorn(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  return readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== NEWLINE;
}

function nextWrite(lines: readonly string[], from: number): { text: string; count: number } {
  let text = '';
  let count = 0;
  for (let index = from; index < lines.length; index += 1) {
    const line = `${lines[index] ?? ''}\n`;
    if (count > 0 && text.length + line.length > MAX_WRITE_BYTES) break;
    text += line;
    count += 1;
  }
  return { text, count };
}

function wholeLines(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === NEWLINE) count += 1;
  return count;
}
