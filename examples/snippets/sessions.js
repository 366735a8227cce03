/** What the README quotes. Runs offline: nothing here calls a model. */
// #region session
import { withObservation, withSession, withStep } from 'spoor';

await withSession({ name: 'refund', task: 'Refund order 17', userId: 'mara' }, async (session) => {
  await withStep({ goal: 'know the order', state: 'nothing is known' }, async (step) => {
    const order = await withObservation(
      { type: 'tool', name: 'lookup_order', input: { id: 17 } },
      async (tool) => {
        const found = { id: 17, total: 49.9 };
        tool.update({ output: found });
        return found;
      },
    );
    step.update({ action: `found order ${order.id}`, evalScore: 1 });
  });
  session.update({ isSuccessful: true, isSuccessfulReason: 'refunded' });
});
// #endregion
