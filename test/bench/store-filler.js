/**
 * Fills a store with runs of an agent by its own `append`, in large batches.
 *
 *   node test/bench/store-filler.js <file> <first run> <runs>
 */
import process from 'node:process';
import { openSqliteStore } from '../../dist/src/store/sqlite-store.js';
import { agentRun } from './agent-runs.js';

const [path, first, runs] = process.argv.slice(2);
const RUNS_AT_ONCE = 40;
const store = await openSqliteStore({ path, maxBytes: 2 ** 40 });
const end = Number(first) + Number(runs);
for (let run = Number(first); run < end; run += RUNS_AT_ONCE) {
  const batch = [];
  for (let at = run; at < Math.min(run + RUNS_AT_ONCE, end); at++) batch.push(...agentRun(at));
  await store.append(batch);
  if ((run / RUNS_AT_ONCE) % 250 === 0) process.stderr.write(`${run} of ${end}\n`);
}
console.log(JSON.stringify(await store.stats()));
await store.close();
