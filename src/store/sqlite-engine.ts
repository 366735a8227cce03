import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { SpoorError } from '../shared/errors.js';

/** What can be bound to a parameter. */
export type SqlValue = string | number | null | Uint8Array;
export type SqlRow = { [column: string]: SqlValue };

export interface Statement {
  run(...values: SqlValue[]): { lastInsertRowid: number | bigint; changes: number | bigint };
  get(...values: SqlValue[]): SqlRow | undefined;
  all(...values: SqlValue[]): SqlRow[];
  iterate(...values: SqlValue[]): IterableIterator<SqlRow>;
}

/** The part of `node:sqlite` and `better-sqlite3` that is the same in both. */
export interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): unknown;
}

type Open = (path: string, readOnly: boolean) => Database;
type NodeSqlite = { DatabaseSync: new (path: string, options: { readOnly: boolean }) => Database };
type BetterSqlite = new (path: string, options: { readonly: boolean }) => Database;

const BUSY_TIMEOUT_MS = 5000;

/** Opens a file with the engine of this Node.js. Throws SPOOR_SQLITE_MISSING when there is none. */
export function openDatabase(path: string, readOnly: boolean): Database {
  const open = openNodeSqlite() ?? openBetterSqlite();
  if (open === undefined) {
    throw new SpoorError(
      'SPOOR_SQLITE_MISSING',
      `Node.js ${process.versions.node} has no SQLite: use 22.13 or newer, or run \`npm i better-sqlite3@12\`.`,
    );
  }
  const database = open(path, readOnly);
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  return database;
}

function openNodeSqlite(): Open | undefined {
  const sqlite = withoutExperimentalWarning(
    () => process.getBuiltinModule?.('node:sqlite') as NodeSqlite | undefined,
  );
  return sqlite && ((path, readOnly) => new sqlite.DatabaseSync(path, { readOnly }));
}

function openBetterSqlite(): Open | undefined {
  // Beside spoor, or in the folder of the app.
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    try {
      const load = createRequire(from);
      assertUsable(load('better-sqlite3/package.json') as { version: string; engines?: { node?: string } });
      const BetterSqlite3 = load('better-sqlite3') as BetterSqlite;
      return (path, readOnly) => new BetterSqlite3(path, { readonly: readOnly });
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  return undefined;
}

/** Its binaries of version 13 end a Node.js 20 process with a segmentation fault: that must not be tried. */
function assertUsable({ version, engines }: { version: string; engines?: { node?: string } }): void {
  const least = Number(/^>=\s*(\d+)/.exec(engines?.node ?? '')?.[1] ?? 0);
  if (Number.parseInt(process.versions.node, 10) >= least) return;
  throw new SpoorError(
    'SPOOR_SQLITE_MISSING',
    `better-sqlite3 ${version} needs Node.js ${least}, this is ${process.versions.node}: run \`npm i better-sqlite3@12\`.`,
  );
}

/** Node.js 22 warns of its SQLite when it is loaded; that tells the user nothing that they can act on. */
function withoutExperimentalWarning<T>(load: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (rest[0] !== 'ExperimentalWarning') Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** True for the errors of a full disk, of both engines. */
export function isDiskFull(error: unknown): boolean {
  const { code, errcode, message } = error as { code?: unknown; errcode?: unknown; message?: unknown };
  return (
    code === 'SQLITE_FULL' ||
    code === 'ENOSPC' ||
    errcode === 13 ||
    /database or disk is full/.test(String(message))
  );
}
