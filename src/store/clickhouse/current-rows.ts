import type { Engine } from './engine.js';
import { inPieces } from './in-pieces.js';

/** A row that was found without merging: an earlier copy of it may have been found. */
export interface Candidate {
  trace_id: string;
  span_id: string;
  version: string;
}

/** Those of some rows that stand. To merge only what was found costs less than to merge all that is looked through. */
export async function currentOf<R extends Candidate>(
  engine: Engine,
  rows: readonly R[],
): Promise<ReadonlySet<R>> {
  const found = await inPieces(
    rows.map((row) => `${row.trace_id} ${row.span_id}`),
    (piece) =>
      engine.rows<Candidate>(
        `SELECT trace_id, span_id, version FROM ${engine.tables.spans} FINAL
       WHERE trace_id IN {traces:Array(String)} AND span_id IN {spans:Array(String)}`,
        {
          traces: [...new Set(piece.map((id) => id.split(' ')[0] as string))],
          spans: [...new Set(piece.map((id) => id.split(' ')[1] as string))],
        },
      ),
  );
  const versions = new Map(found.map((row) => [`${row.trace_id} ${row.span_id}`, row.version]));
  return new Set(rows.filter((row) => versions.get(`${row.trace_id} ${row.span_id}`) === row.version));
}
