import { Buffer } from 'node:buffer';
import type { ImageType } from '../../shared/image-type.js';
import type { BlobStore } from '../blob-store.js';
import type { Engine } from './engine.js';
import { dayOf } from './tables.js';

interface BlobRow {
  media_type: string;
  extension: string;
  base64: string;
}

/** Images in a table: translators that share nothing but the database share them. One that comes again is kept as long anew. */
export function createBlobs(engine: Engine, now: () => number): BlobStore {
  const { blobs } = engine.tables;
  return {
    async put({ hash, bytes, type }) {
      // Before anything is waited for: the caller may use its buffer again.
      const base64 = Buffer.from(bytes).toString('base64');
      const day = dayOf(now());
      const rows = await engine.rows<{ day: string }>(
        `SELECT max(day) AS day FROM ${blobs} WHERE hash = {hash:String} GROUP BY hash`,
        { hash },
      );
      const known = rows[0]?.day;
      if (known === undefined || known < day) {
        const { mediaType: media_type, extension } = type;
        await engine.insert('blobs', [{ hash, day, media_type, extension, base64 }]);
      }
      return known === undefined;
    },
    async get(hash) {
      const [row] = await engine.rows<BlobRow>(
        `SELECT media_type, extension, base64 FROM ${blobs} WHERE hash = {hash:String} LIMIT 1`,
        { hash },
      );
      if (row === undefined) return undefined;
      // Only types that were checked are ever put.
      const type = { mediaType: row.media_type, extension: row.extension } as ImageType;
      return { bytes: Uint8Array.from(Buffer.from(row.base64, 'base64')), type };
    },
  };
}
