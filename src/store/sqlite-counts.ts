import type { Database } from './sqlite-engine.js';

export type CountKind = 'dialect' | 'sessions' | 'logs';

/** How many rows of a kind there are, kept with the rows. */
export interface SqliteCounts {
  add(kind: CountKind, name: string, change: number): void;
  /** Writes what was added. Call it before the transaction ends. */
  flush(): void;
  /** Forgets what was added: the transaction was undone. */
  forget(): void;
  /** By name. */
  of(kind: CountKind): Record<string, number>;
}

/** Opens the counts of a database. */
export function createSqliteCounts(database: Database): SqliteCounts {
  const save = database.prepare(`
    INSERT INTO counts (kind, name, n) VALUES (?, ?, ?) ON CONFLICT (kind, name) DO UPDATE SET n = n + excluded.n`);
  const read = database.prepare('SELECT name, n FROM counts WHERE kind = ? AND n > 0');
  const changes = new Map<CountKind, Map<string, number>>();
  return {
    add(kind, name, change) {
      let byName = changes.get(kind);
      if (byName === undefined) changes.set(kind, (byName = new Map()));
      byName.set(name, (byName.get(name) ?? 0) + change);
    },
    flush() {
      for (const [kind, byName] of changes)
        for (const [name, change] of byName) if (change !== 0) save.run(kind, name, change);
      changes.clear();
    },
    forget: () => changes.clear(),
    of: (kind) => Object.fromEntries(read.all(kind).map((row) => [String(row.name), Number(row.n)])),
  };
}
