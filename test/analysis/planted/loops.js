import { disguised, freshMove, freshMoves, noise, VERBS, word } from './fresh-moves.js';

/**
 * Each kind of loop: makes the moves of one, which go between productive moves. `at` tells which of them is the first that
 * repeats. Ids and times in them differ each time, as they do in life.
 */
export const LOOPS = {
  'exact-retry': (random) => {
    const move = freshMove(random);
    return { moves: Array.from({ length: random.between(3, 8) }, () => disguised(random, move)), at: 1 };
  },
  'error-retry': (random) => {
    const { state, action, tool, args } = freshMove(random);
    const isSame = random.next() < 0.5;
    const errors = [
      'connect ETIMEDOUT',
      '503 Service Unavailable',
      'socket hang up',
      '429 Too Many Requests',
    ];
    const fixed = random.pick(errors);
    const again = () => {
      const error = `${isSame ? fixed : random.pick(errors)} (request ${random.uuid()})`;
      return disguised(random, { state, action, tool, args, error });
    };
    return { moves: Array.from({ length: random.between(3, 6) }, again), at: 1 };
  },
  'flip-flop': (random) => periodic(random, 2, random.between(3, 6)),
  'tandem-repeat': (random) =>
    periodic(random, random.between(3, random.next() < 0.2 ? 32 : 8), random.between(3, 4)),
  stagnation: (random) => {
    const { state } = freshMove(random);
    const result = { changed: false };
    const length = random.between(7, 14);
    // The first move is where the wait begins, the second where nothing new came for the first time.
    const verbs = shuffled(random, VERBS).slice(0, length);
    const moves = verbs.map((verb) => {
      const target = word(random);
      return {
        state,
        action: `${verb} ${target}`,
        tool: verb,
        args: { target },
        result: { ...result, ...noise(random) },
      };
    });
    return { moves, at: 1 };
  },
  'revisit-churn': (random) => {
    const places = freshMoves(random, random.between(3, 5));
    const length = random.between(14, 24);
    let order;
    do order = Array.from({ length }, () => random.below(places.length));
    while (isOrdered(order, places.length));
    return { moves: order.map((place) => disguised(random, places[place])), at: undefined };
  },
  'dead-end': (random) => {
    const { state, tool } = freshMove(random);
    const times = random.between(3, 5);
    const moves = [];
    for (let visit = 0; visit < times; visit += 1) {
      const target = word(random);
      moves.push({
        state,
        action: `${tool} ${target}`,
        tool,
        args: { target },
        error: `cannot open ${target}`,
      });
      if (visit < times - 1) moves.push(...elsewhere(random, state, random.between(1, 3)));
    }
    return { moves, at: undefined };
  },
  'repeated-message': (random) => {
    const said = `I am sorry, I could not find ${word(random)} ${word(random)}. Could you tell me more?`;
    const moves = Array.from({ length: random.between(3, 6) }, () => {
      const heard = `${word(random)} ${word(random)} ${word(random)}`;
      return { state: `the user said: ${heard} ${word(random)}`, said, heard };
    });
    return { moves, at: 1 };
  },
};

function elsewhere(random, state, count) {
  const moves = freshMoves(random, count).filter((move) => move.state !== state);
  return moves.length > 0 ? moves : elsewhere(random, state, count);
}

function periodic(random, period, times) {
  const cycle = freshMoves(random, period);
  const moves = [];
  for (let time = 0; time < times; time += 1) {
    for (const move of cycle) moves.push(disguised(random, move));
  }
  return { moves, at: period };
}

/** True for an order that a simpler rule would see: any sequence that comes three times at once, or a place never left. */
function isOrdered(order, places) {
  if (new Set(order).size < places) return true;
  for (let period = 1; period <= order.length / 3; period += 1) {
    let run = 0;
    for (let at = period; at < order.length; at += 1) {
      run = order[at] === order[at - period] ? run + 1 : 0;
      if (run >= period * 2) return true;
    }
  }
  return order.some((place, at) => at > 0 && place === order[at - 1]);
}

function shuffled(random, list) {
  return list
    .map((item) => [random.next(), item])
    .toSorted(([left], [right]) => left - right)
    .map(([, item]) => item);
}
