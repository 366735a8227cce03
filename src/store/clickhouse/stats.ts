import type { StoreStats } from '../store.js';
import type { Engine } from './engine.js';

/** Spans by dialect, as the summaries of traces count them. */
export async function traceStats(engine: Engine): Promise<Pick<StoreStats, 'spans' | 'dialects'>> {
  const rows = await engine.rows<{ dialect: string; n: string }>(
    `SELECT dialect, sum(n) AS n FROM ${engine.tables.traces} FINAL
     ARRAY JOIN mapKeys(dialects) AS dialect, mapValues(dialects) AS n GROUP BY dialect`,
  );
  const dialects = Object.fromEntries(rows.map((row) => [row.dialect, Number(row.n)]));
  return { spans: rows.reduce((sum, row) => sum + Number(row.n), 0), dialects };
}

/** Bytes on the disk of the server that answers. */
export async function storeBytes(engine: Engine): Promise<number> {
  const [row] = await engine.rows<{ bytes: string }>(
    'SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE database = {database:String} AND active',
    { database: engine.database },
  );
  return Number(row?.bytes ?? 0);
}
