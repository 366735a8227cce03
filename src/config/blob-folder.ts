import { join } from 'node:path';
import type { Settings } from './settings.js';
import { DEFAULT_BASE_PATH, storageList } from './storage.js';

/** Where images are kept beside the trace files; undefined when no files are asked for. */
export function blobFolder({ storage, basePath }: Settings): string | undefined {
  return storageList(storage).includes('file') ? join(basePath ?? DEFAULT_BASE_PATH, 'blobs') : undefined;
}
