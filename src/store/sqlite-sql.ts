import { fork } from 'node:child_process';
import { extname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { SpoorError } from '../shared/errors.js';
import { assertReadsOnly, refused } from './sql-statement.js';
import type { SqlAnswer, SqlTask } from './sql-process.js';
import { SQL_VIEWS } from './sql-views.js';
import type { SqlQuery, SqlResult } from './store.js';

/** How much one statement may take. Those of one store run beside each other up to `running`. */
export interface SqlLimits {
  milliseconds: number;
  bytes: number;
  heapBytes: number;
  running: number;
}

export const SQL_LIMITS: SqlLimits = {
  milliseconds: 5_000,
  bytes: 16 * 1024 * 1024,
  heapBytes: 256 * 1024 * 1024,
  running: 4,
};
const DEFAULT_ROWS = 1_000;
const MAX_ROWS = 10_000;

/** Makes the SQL of a store file. */
export function createSqliteSql(
  path: string,
  limits: SqlLimits = SQL_LIMITS,
): (query: SqlQuery) => Promise<SqlResult> {
  let running = 0;
  return async ({ sql, params = [], limit = DEFAULT_ROWS }) => {
    assertReadsOnly(sql);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_ROWS) {
      throw new SpoorError('SPOOR_OPTION_INVALID', `The limit is ${limit}; it can be 1 to ${MAX_ROWS}.`);
    }
    if (running >= limits.running)
      throw new SpoorError('SPOOR_OVERLOADED', 'Too many statements run already.');
    running++;
    try {
      return await runTask(
        {
          path,
          views: SQL_VIEWS.map(({ name, select }) => `CREATE TEMP VIEW ${name} AS ${select}`),
          sql,
          params,
          maxRows: limit,
          maxBytes: limits.bytes,
          maxHeapBytes: limits.heapBytes,
        },
        limits.milliseconds,
      );
    } finally {
      running--;
    }
  };
}

/** In a process of its own, because only that can be ended while SQLite works. */
function runTask(task: SqlTask, milliseconds: number): Promise<SqlResult> {
  const file = new URL(`./sql-process${extname(fileURLToPath(import.meta.url))}`, import.meta.url);
  return new Promise((resolve, reject) => {
    // It gets nothing of our environment, which may hold keys, and no hooks of ours.
    const child = fork(file, { execArgv: [], env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const timer = setTimeout(() => {
      end(() =>
        reject(
          new SpoorError('SPOOR_SQL_LIMIT', `The statement took more than ${milliseconds} ms and was ended.`),
        ),
      );
    }, milliseconds);
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      process.off('exit', kill);
      child.kill('SIGKILL');
      settle();
    };
    const kill = (): void => void child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('message', (answer: SqlAnswer) =>
      end(() => ('result' in answer ? resolve(answer.result) : reject(toError(answer.refused)))),
    );
    child.once('error', (cause) => end(() => reject(refused('SQL could not be started.', cause))));
    child.once('exit', () =>
      end(() => reject(new SpoorError('SPOOR_SQL_LIMIT', 'The statement needed more than it may have.'))),
    );
    child.send(task, (cause) => {
      if (cause !== null) end(() => reject(refused('SQL could not be started.', cause)));
    });
  });
}

function toError(message: string): SpoorError {
  if (/out of memory|string or blob too big/i.test(message))
    return new SpoorError('SPOOR_SQL_LIMIT', 'The statement needed more memory than it may have.');
  return refused(`SQLite says: ${message}.`);
}
