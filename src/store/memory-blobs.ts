import type { BlobStore, StoredBlob } from './blob-store.js';

/** Images in memory: for tests. */
export function createMemoryBlobs(): BlobStore & { clear(): void } {
  const blobs = new Map<string, StoredBlob>();
  return {
    put: async ({ hash, bytes, type }) => {
      if (blobs.has(hash)) return false;
      blobs.set(hash, { bytes: Uint8Array.from(bytes), type });
      return true;
    },
    get: async (hash) => blobs.get(hash),
    clear: () => blobs.clear(),
  };
}
