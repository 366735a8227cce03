import type { Engine } from './engine.js';
import { inPieces } from './in-pieces.js';
import type { NodeReader } from './node-reader.js';
import { pinnedAmong, savePin } from './pins.js';
import type { Settler } from './settler.js';

interface Removable {
  trace_id: string;
  version: string;
  day: string;
}
interface SpanPlace extends Removable {
  span_id: string;
}
interface LogPlace extends Removable {
  key: string;
  session_id: string;
}

/**
 * Removes a session: a row of a higher version takes the place of each of its rows, and merges drop both. One that is sent
 * again later is there again. False when there is no such session.
 */
export async function removeSession(
  engine: Engine,
  nodes: NodeReader,
  settler: Settler,
  sessionId: string,
): Promise<boolean> {
  const tables = await nodes.loadSession(sessionId);
  if (!tables.sessions.has(sessionId)) return false;
  const own = new Set<string>();
  const traceIds = new Set<string>();
  for (const { node } of tables.sessionNodes(sessionId)) {
    own.add(`${node.traceId} ${node.spanId}`);
    traceIds.add(node.traceId);
  }
  const places = await inPieces(traceIds, (piece) =>
    engine.rows<SpanPlace>(
      `SELECT trace_id, span_id, version, day FROM ${engine.tables.spans} FINAL WHERE trace_id IN {ids:Array(String)}`,
      { ids: piece },
    ),
  );
  const isOwn = (place: SpanPlace): boolean => own.has(`${place.trace_id} ${place.span_id}`);
  const left = new Set(places.filter((place) => !isOwn(place)).map((place) => place.trace_id));
  const logs = await logsOf(
    engine,
    sessionId,
    [...traceIds].filter((traceId) => !left.has(traceId)),
  );
  await Promise.all([
    engine.insert('spans', places.filter(isOwn).map(gone)),
    engine.insert('logs', logs.map(gone)),
  ]);
  if ((await pinnedAmong(engine, [sessionId])).has(sessionId)) await savePin(engine, sessionId, false);
  await settler.renew(traceIds);
  return true;
}

/** Log records that name a session, and those of traces of which nothing is left. */
async function logsOf(engine: Engine, sessionId: string, traceIds: readonly string[]): Promise<LogPlace[]> {
  const { logs } = engine.tables;
  const columns = 'trace_id, key, version, day, session_id';
  const named = await engine.rows<LogPlace>(
    `SELECT ${columns} FROM ${logs} FINAL WHERE session_id = {session:String}`,
    { session: sessionId },
  );
  const loose = await inPieces(traceIds, (piece) =>
    engine.rows<LogPlace>(`SELECT ${columns} FROM ${logs} FINAL WHERE trace_id IN {ids:Array(String)}`, {
      ids: piece,
    }),
  );
  return [...named, ...loose.filter((log) => log.session_id !== sessionId)];
}

function gone(row: Removable): object {
  return { ...row, version: (BigInt(row.version) + 1n).toString(), removed: 1 };
}
