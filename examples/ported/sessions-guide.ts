/** Lucidic AI's guide to its Python SDK, snippet by snippet: session, steps, updates, events, the end with evaluations. */
import {
  createEvent,
  createStep,
  endEvent,
  endSession,
  endStep,
  init,
  loadEnv,
  startSession,
  updateEvent,
  updateStep,
} from 'spoor';

// #region session
// LUCIDIC_API_KEY and LUCIDIC_AGENT_ID are read as they are. Every supported SDK that is installed is traced.
loadEnv('examples/ported/agent.env');
init({ instrumentations: { openai: true, anthropic: true } });
startSession({ name: 'checkout', task: 'Buy a kettle' });
// #endregion

// #region steps
const shop = createStep({
  state: 'front page of the shop, signed out',
  goal: 'reach the kettles',
  action: 'clicked the link of the kitchen department',
  evalScore: '5',
  evalDescription: 'the shortest way',
  screenshotPath: 'examples/ported/shop.png',
});
endStep();

const base64 = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNIKekGAAKjAWRgxqrsAAAAAElFTkSuQmCC';
createStep({ state: 'list of kettles', goal: 'choose one', screenshot: base64 });
// #endregion

// #region step-updates
// While it is open: the active step.
updateStep({ action: 'compared prices', evalScore: 'pass' });
// After its end: by its id.
updateStep({ stepId: shop.id, evalScore: '3', evalDescription: 'the search box would have been quicker' });
// #endregion

// #region events
createEvent({ description: 'clicked the cheapest kettle' });
endEvent({ result: 'its page opened', isSuccessful: true });

const reading = createEvent({ description: 'the page of the kettle, as text' });
updateEvent({ result: '39 EUR, in stock' });
endEvent();
// Later, by its id.
updateEvent({ eventId: reading.id, result: '39 EUR, two in stock' });

// A model of one's own, with what the call cost.
createEvent({ description: 'Is this a good price?', model: 'own-model-1', cost: 0.0004 });
endEvent({ result: 'yes', isSuccessful: true });

// One that was over at once.
createEvent({ description: 'put it into the cart', isSuccessful: false, isFinished: true });
endStep({ evalScore: 2 });
// #endregion

// #region end
endSession({
  isSuccessful: false,
  isSuccessfulReason: 'the cart stayed empty',
  sessionEval: 2,
  sessionEvalReason: 'found the kettle, and did not buy it',
});
// #endregion

// #region rubric
startSession({ name: 'checkout again', rubrics: ['shopping'] });
endSession({
  isSuccessful: true,
  rubric: {
    name: 'shopping',
    value: 0.9,
    criteria: [
      { name: 'right item', value: 1 },
      { name: 'price', value: 0.8, explanation: 'one shop was cheaper' },
    ],
  },
});
// #endregion

// #region left-open
// The end of the program ends it.
startSession({ name: 'left open' });
createStep({ goal: 'nothing more' });
// #endregion
