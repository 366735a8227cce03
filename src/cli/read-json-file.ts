import { readFileSync } from 'node:fs';
import { SpoorError } from '../shared/errors.js';

/**
 * Reads a JSON file that the user names, by `read`, which says what is wrong with its content.
 * @throws SpoorError SPOOR_USAGE, with the name of the file
 */
export function readJsonFile<T>(path: string, read: (content: unknown) => T): T {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new SpoorError('SPOOR_USAGE', `${path} could not be read as JSON.`, { cause: error });
  }
  try {
    return read(content);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SpoorError('SPOOR_USAGE', `${path}: ${why}`, { cause: error });
  }
}
