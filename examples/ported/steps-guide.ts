/** Lucidic AI's page on steps: what a step holds, screenshots, scores, transitions, repeated states, events inside. */
import { createEvent, createStep, endEvent, endStep, tool, updateStep, withSession, withStep } from 'spoor';

const readPage = tool({ name: 'read_page' }, (tab: string) => `${tab}: 3 links`);

withSession({ name: 'find the invoice', task: 'Find the invoice of March' }, (session) => {
  // #region anatomy
  createStep({
    state: 'tab "mail" is open',
    goal: 'see the tab "files"',
    action: 'pressed ctrl+tab',
    screenshotPath: 'examples/ported/shop.png',
  });
  // #endregion

  // #region score
  updateStep({ evalScore: 0.3, evalDescription: 'wanted another tab, and stayed where it was' });
  endStep();
  // #endregion

  // #region transitions
  // The same state again, under one key: the graph shows the attempts as one node.
  for (const attempt of [1, 2]) {
    const seen = { state: `tab "mail" is open, attempt ${attempt}`, stateKey: 'mail' };
    withStep({ ...seen, goal: 'see the tab "files"', action: 'pressed ctrl+tab' }, (step) =>
      step.update({ evalScore: 0 }),
    );
  }
  // #endregion

  // #region events
  withStep({ state: 'tab "files" is open', stateKey: 'files', action: 'read it' }, () => {
    readPage('files');
    createEvent({ functionName: 'GET /files', arguments: { query: 'march' } });
    endEvent({ result: ['invoice-03.pdf'], isSuccessful: true });
    createEvent({ description: 'summary of the page', model: 'own-model-1', cost: 0.0006 });
    endEvent({ result: 'one invoice' });
  });
  // #endregion

  // #region session-score
  session.end({ isSuccessful: true, sessionEval: 4 });
  // #endregion
});
