/** The ticket that the agent works on. */
export const TICKET = {
  id: 'T-318',
  customer: 'mara',
  text: 'Hello, the desk lamp of order A-1042 arrived broken, and the bookends never came. I want my money back for the lamp. Where is the rest? Mara',
};

export const INSTRUCTIONS =
  'You solve tickets of an online shop. Use the tools to collect facts, then sum them up. Promise nothing.';

/** The same call so many times in a row means that the agent is stuck. */
export const REPEATS_ALLOWED = 3;

/** What a stuck agent is told. */
export const GO_ON =
  'You made the same call three times and got the same answer. It will not change today. Go on with what you know.';

/** Rounds after which the agent gives up. */
export const MAX_ROUNDS = 10;

/** Notices when the model asks for the same thing again and again. */
export function createStuckGuard() {
  let last = '';
  let count = 0;
  /** @param {{ function: { name: string, arguments: string } }[]} calls */
  return (calls) => {
    const key = JSON.stringify(calls.map((call) => call.function));
    count = key === last ? count + 1 : 1;
    last = key;
    return count >= REPEATS_ALLOWED;
  };
}
