/** Reflect's page on traces and reviews, as far as it goes today: a run with its task and outcome, now or later, and the lists. */
import { init, prompt, SpoorClient, startSession, updateSession, withSession } from 'spoor';

const spoor = init();
const ask = prompt({ model: 'own-model-1' }, (task: string) => `Here are the top rows of: ${task}`);

// #region trace
const run = startSession({
  name: 'csv',
  task: 'Parse the CSV and give the top 5 rows',
  metadata: { source: 'cli', run_id: 'run-123' },
});
run.run(() => ask('rows.csv'));
run.end();
// #endregion

// #region inline-review
withSession({ name: 'csv', task: 'Parse the CSV and count the rows' }, (session) => {
  ask('rows.csv');
  session.end({ isSuccessful: true });
});
// #endregion

// #region deferred-review
// When a person has looked at it, here or in another process.
updateSession({ sessionId: run.id, isSuccessful: false, isSuccessfulReason: 'the rows were not sorted' });
// #endregion

// #region list
await spoor.flush();
const client = new SpoorClient();
const { items } = await client.sessions.list({ limit: 100 });
console.log(items.filter(({ isSuccessful }) => isSuccessful === false).length, 'of', items.length);
const found = await client.sessions.get(run.id);
console.log(found?.session.task, found?.session.isSuccessful);
client.close();
// #endregion
