import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import { describeStore } from './contract.js';

const folder = mkdtempSync(join(tmpdir(), 'spoor-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

describeStore('the SQLite store', (options) =>
  openSqliteStore({ path: join(folder, `${files++}`, 'spoor.sqlite'), ...options }),
);
