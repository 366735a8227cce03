import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';

/** Why an image was not kept, as the end of a sentence. */
export class ImageRefused extends Error {}

/** An image as users give it: bytes, base64, or a data URI. */
export type ImageSource = string | Uint8Array | ArrayBuffer;

/** The bytes of an image, as a copy. Throws `ImageRefused` when there are too many, or none. */
export function decodeImage(source: unknown, maxBytes: number): Uint8Array {
  if (typeof source === 'string') return decodeText(source, maxBytes);
  if (source instanceof ArrayBuffer) return copy(new Uint8Array(source), maxBytes);
  if (ArrayBuffer.isView(source)) {
    return copy(new Uint8Array(source.buffer, source.byteOffset, source.byteLength), maxBytes);
  }
  throw new ImageRefused('it is neither bytes nor a base64 text');
}

/** The program may fill its buffer anew before the image has left. */
function copy(bytes: Uint8Array, maxBytes: number): Uint8Array {
  checkSize(bytes.byteLength, maxBytes);
  return Uint8Array.from(bytes);
}

function decodeText(text: string, maxBytes: number): Uint8Array {
  const isUri = /^data:/i.test(text);
  const comma = text.indexOf(',');
  if (isUri && !/;base64$/i.test(text.slice(0, Math.max(comma, 0)))) {
    throw new ImageRefused('its data URI is not in base64');
  }
  const start = isUri ? comma + 1 : 0;
  // Before anything is decoded: four characters make three bytes.
  checkSize(Math.floor(((text.length - start) * 3) / 4) - 2, maxBytes);
  return Buffer.from(start === 0 ? text : text.slice(start), 'base64');
}

/**
 * The bytes of an image file inside `root`, symbolic links and `..` resolved. Read at once, because agents write their
 * next screenshot over the last. Throws `ImageRefused`.
 */
export function readImageFile(path: string, root: string, maxBytes: number): Uint8Array {
  const real = realPath(resolve(path));
  const inside = relative(realPath(resolve(root)), real);
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    throw new ImageRefused('its path leads out of the allowed folder');
  }
  return readRegularFile(real, maxBytes);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    throw cannotRead(error);
  }
}

function readRegularFile(path: string, maxBytes: number): Uint8Array {
  let file: number | undefined;
  try {
    // A link that took the place of the file is not followed, and a pipe without a writer is not waited for.
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new ImageRefused('it is no regular file');
    checkSize(stat.size, maxBytes);
    const bytes = Buffer.alloc(stat.size);
    return bytes.subarray(0, readSync(file, bytes));
  } catch (error) {
    throw error instanceof ImageRefused ? error : cannotRead(error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function checkSize(bytes: number, maxBytes: number): void {
  if (bytes > maxBytes) throw new ImageRefused(`it has more than ${maxBytes} bytes`);
}

function cannotRead(error: unknown): ImageRefused {
  return new ImageRefused(`its file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
}
