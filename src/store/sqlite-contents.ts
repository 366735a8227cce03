import { hash } from 'node:crypto';
import type { Contents } from './span-body.js';
import type { Database } from './sqlite-engine.js';

const CACHED_IDS = 20_000;
const CACHED_TEXT = 16 * 1024 * 1024;
const HASH_DIGITS = 32;

/** Contents in a database, each kept once and counted. */
export interface SqliteContents extends Contents {
  /** Counts one span more, or less, that needs these contents. */
  count(refs: readonly number[], change: 1 | -1): void;
  /** Writes the counts, and removes what nobody needs any more. Call it before the transaction ends. */
  flush(): void;
  /** Forgets what is cached: the tables have changed by other means. */
  forget(): void;
}

/** Opens the contents of a database. */
export function createSqliteContents(database: Database): SqliteContents {
  const find = database.prepare('SELECT id FROM contents WHERE hash = ?');
  const add = database.prepare('INSERT INTO contents (hash, uses) VALUES (?, 0)');
  const addBody = database.prepare('INSERT INTO content_bodies (id, body) VALUES (?, ?)');
  const read = database.prepare('SELECT body FROM content_bodies WHERE id = ?');
  const addUses = database.prepare('UPDATE contents SET uses = uses + ? WHERE id = ?');
  const remove = database.prepare('DELETE FROM contents WHERE id = ? AND uses <= 0 RETURNING hash');
  const removeBody = database.prepare('DELETE FROM content_bodies WHERE id = ?');
  const ids = new Map<string, number>();
  let owners = new WeakMap<object, number>();
  const texts = new Map<number, string>();
  let textLength = 0;
  const changes = new Map<number, number>();

  function put(text: string): number {
    const key = hash('sha256', text, 'hex').slice(0, HASH_DIGITS);
    let id = ids.get(key);
    if (id !== undefined) return id;
    const found = find.get(key)?.id;
    if (found === undefined) {
      id = Number(add.run(key).lastInsertRowid);
      addBody.run(id, text);
    } else id = Number(found);
    if (ids.size >= CACHED_IDS) ids.clear();
    ids.set(key, id);
    return id;
  }

  return {
    put,
    putOwner(owner) {
      const known = owners.get(owner);
      if (known !== undefined) return known;
      const id = put(JSON.stringify(owner));
      owners.set(owner, id);
      return id;
    },
    get(id) {
      const known = texts.get(id);
      if (known !== undefined) return known;
      const body = String(read.get(id)?.body ?? 'null');
      if (textLength > CACHED_TEXT) {
        texts.clear();
        textLength = 0;
      }
      texts.set(id, body);
      textLength += body.length;
      return body;
    },
    count(refs, change) {
      for (const id of refs) changes.set(id, (changes.get(id) ?? 0) + change);
    },
    flush() {
      let isRemoved = false;
      for (const [id, change] of changes) {
        if (change !== 0) addUses.run(change, id);
        const removed = change < 0 ? remove.get(id) : undefined;
        if (removed === undefined) continue;
        removeBody.run(id);
        ids.delete(String(removed.hash));
        isRemoved = true;
      }
      changes.clear();
      if (isRemoved) owners = new WeakMap();
    },
    forget() {
      ids.clear();
      owners = new WeakMap();
      texts.clear();
      textLength = 0;
      changes.clear();
    },
  };
}
