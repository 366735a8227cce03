import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import type { Store } from '../../src/store/store.js';
import { describeStore } from './contract.js';
import { describeOpenSpans } from './open-spans-contract.js';
import { describeQueries } from './query-contract.js';

const folder = mkdtempSync(join(tmpdir(), 'spoor-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

const openStore = (options: { now: () => number }): Promise<Store> =>
  openSqliteStore({ path: join(folder, `${files++}`, 'spoor.sqlite'), ...options });

describeStore('the SQLite store', openStore);
describeOpenSpans('the SQLite store', openStore);
describeQueries('the SQLite store', openStore);
