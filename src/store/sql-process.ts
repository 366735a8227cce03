// Runs one statement in a process of its own, which can be ended at any moment: a thread cannot, while SQLite works.
// It imports nothing of ours, so that it starts fast, and from sources as well.
import process from 'node:process';
import type { SqlCell, SqlResult } from './store.js';

/** What the process is told. */
export interface SqlTask {
  path: string;
  /** Statements that make the views. */
  views: readonly string[];
  sql: string;
  params: readonly SqlCell[];
  maxRows: number;
  maxBytes: number;
  maxHeapBytes: number;
}

/** What it answers: a result, or why there is none. */
export type SqlAnswer = { result: SqlResult } | { refused: string };

type Raw = string | number | bigint | null | Uint8Array;
interface Statement {
  columns?(): { name: string }[];
  setReturnArrays?(on: boolean): void;
  setReadBigInts(on: boolean): void;
  iterate(...params: (string | number | null)[]): Iterable<Raw[] | Record<string, Raw>>;
}
interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  setAuthorizer?(decide: (action: number, first: string | null, second: string | null) => number): void;
}
type Sqlite = { DatabaseSync: new (path: string, options: object) => Database };

const ALLOW = 0;
const DENY = 1;
/** SQLITE_READ, SQLITE_SELECT, SQLITE_FUNCTION, SQLITE_RECURSIVE. */
const READING: ReadonlySet<number> = new Set([20, 21, 31, 33]);
const FUNCTION = 31;
/** The full-text index asks for it of itself. */
const PRAGMA = 19;

process.once('message', (task: SqlTask) => {
  let answer: SqlAnswer;
  try {
    answer = { result: run(task) };
  } catch (error) {
    answer = { refused: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(answer, () => process.exit(0));
});
process.once('disconnect', () => process.exit(1));

function run(task: SqlTask): SqlResult {
  const sqlite = process.getBuiltinModule?.('node:sqlite') as Sqlite | undefined;
  if (sqlite === undefined) throw new Error('SQL needs Node.js 22.13 or newer');
  const database = new sqlite.DatabaseSync(task.path, { readOnly: true, allowExtension: false });
  // The bound holds for this process only. Temporary tables must not fill the disk.
  database.exec(
    `PRAGMA hard_heap_limit = ${task.maxHeapBytes}; PRAGMA temp_store = MEMORY; PRAGMA busy_timeout = 2000`,
  );
  for (const view of task.views) database.exec(view);
  database.exec('PRAGMA query_only = ON; PRAGMA trusted_schema = OFF');
  database.setAuthorizer?.((action, first, second) => (isReading(action, first, second) ? ALLOW : DENY));
  return read(database.prepare(task.sql), task);
}

function isReading(action: number, first: string | null, second: string | null): boolean {
  if (action === PRAGMA) return first === 'data_version';
  return READING.has(action) && !(action === FUNCTION && second === 'load_extension');
}

function read(statement: Statement, { params, maxRows, maxBytes }: SqlTask): SqlResult {
  statement.setReadBigInts(true);
  statement.setReturnArrays?.(true);
  let columns = statement.columns?.().map(({ name }) => name);
  const rows: SqlCell[][] = [];
  let bytes = 0;
  for (const row of statement.iterate(...params.map(toParameter))) {
    columns ??= Object.keys(row);
    const cells = (Array.isArray(row) ? row : Object.values(row)).map(toCell);
    for (const cell of cells) bytes += typeof cell === 'string' ? cell.length : 8;
    if (rows.length >= maxRows || bytes > maxBytes) return { columns, rows, isTruncated: true };
    rows.push(cells);
  }
  return { columns: columns ?? [], rows };
}

function toParameter(value: SqlCell): string | number | null {
  return typeof value === 'boolean' ? Number(value) : value;
}

/** Integers that a double cannot say, and bytes, are text. */
function toCell(value: Raw): SqlCell {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}
