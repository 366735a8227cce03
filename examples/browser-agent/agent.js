/**
 * An agent in a browser: it looks at the page, decides, clicks, and looks again. One step a look, with the screenshot. It
 * gets stuck on a button that a banner covers, until it notices that the page stays the same.
 */
import { tool, withSession, withStep } from 'spoor';
import { openPage } from './page.js';

const PATIENCE = 3;
const page = openPage();
const click = tool({ name: 'click' }, (/** @type {string} */ target) => page.click(target));

/** A rule in place of a model: what to click on this page. */
function nextTarget(isStuck) {
  if (isStuck) return 'close banner';
  const targets = {
    'kettles by name': 'sort by price',
    'kettles by price': 'first kettle',
    'a kettle': 'add to cart',
  };
  return targets[page.title];
}

const task = 'Put the cheapest kettle into the cart';

await withSession(
  { name: 'buy a kettle', agentName: 'shopper', task, tags: ['example'] },
  async (session) => {
    let fruitless = 0;
    for (;;) {
      const screenshot = await page.screenshot();
      const seen = { state: page.title, stateKey: page.address, screenshot };
      const target = nextTarget(fruitless === PATIENCE);
      if (target === undefined) {
        withStep({ name: 'look', ...seen, goal: task, action: 'stop', evalScore: 1 }, () => undefined);
        break;
      }
      await withStep({ name: 'click', ...seen, goal: task, action: `click ${target}` }, async (step) => {
        await click(target);
        const hasMoved = !screenshot.equals(await page.screenshot());
        fruitless = hasMoved ? 0 : fruitless + 1;
        step.update({
          evalScore: Number(hasMoved),
          evalDescription: hasMoved ? 'the page moved' : 'nothing moved',
        });
        console.log(`${seen.state}: click ${target}${hasMoved ? '' : ', nothing moved'}`);
      });
    }
    session.end({
      isSuccessful: page.title === 'the cart',
      sessionEval: 3,
      sessionEvalReason: 'stuck for a while',
    });
  },
);
