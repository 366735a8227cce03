import { overloaded } from './http-failure.js';

/** 503 when trying again can help (full disk, busy or failing file), so that senders keep what they have. */
export function storeFailure(cause: unknown, log: (line: string) => void): unknown {
  const { code, message } = cause as { code?: unknown; message?: unknown };
  if (code === 'SPOOR_STORE_FULL') {
    log(`spoor: ${String(message)}`);
    return overloaded('The store is full.', 30);
  }
  // System errors (ENOSPC, EIO) and those of SQLite, whose drivers say ERR_SQLITE_ERROR and SQLITE_…
  if (typeof code === 'string' && /^E[A-Z]|^SQLITE_|^SPOOR_STORE_UNAVAILABLE$/.test(code)) {
    log(`spoor: the store could not write: ${String(message)}`);
    return overloaded('The store cannot write at the moment.', 5);
  }
  return cause;
}
