import { freshMove, freshMoves, noise, word } from './fresh-moves.js';

/** Work that looks like a loop and is none: nothing may be found in it. */
export const NEAR_MISSES = {
  'pages of a list': (random) => {
    const topic = word(random);
    return Array.from({ length: random.between(5, 12) }, (_, page) => ({
      state: `results for ${topic}, page ${page + 1} of 12`,
      action: 'open the next page',
      tool: 'next_page',
      args: {},
      result: { items: [word(random), word(random)] },
    }));
  },
  'a batch with other arguments': (random) => {
    const { state } = freshMove(random);
    return Array.from({ length: random.between(6, 12) }, () => {
      const id = random.uuid();
      return { state, action: `refund order ${id}`, tool: 'refund', args: { id }, result: { ok: true } };
    });
  },
  'the same call with another outcome': (random) => {
    const { state, action, tool, args } = freshMove(random);
    return Array.from({ length: random.between(4, 8) }, (_, at) => ({
      state,
      action,
      tool,
      args,
      result: { state: 'running', percent: at * 11 + random.below(9), ...noise(random) },
    }));
  },
  'the same call with declared progress': (random) => {
    const { state, action, tool, args } = freshMove(random);
    return Array.from({ length: random.between(4, 8) }, (_, at) => ({
      state,
      action,
      tool,
      args,
      result: { ok: true },
      progress: at,
    }));
  },
  'two tries, then success': (random) => {
    const move = freshMove(random);
    const failed = { ...move, result: undefined, error: 'connect ETIMEDOUT' };
    return [failed, { ...failed }, move];
  },
  'there and back twice': (random) => {
    const [one, other] = freshMoves(random, 2);
    return [one, other, { ...one }, { ...other }];
  },
  'edit and test, each with other changes': (random) =>
    Array.from({ length: random.between(4, 7) }, (_, at) => {
      const patch = word(random);
      return [
        {
          state: 'the editor',
          action: `apply patch ${patch}`,
          tool: 'edit',
          args: { patch },
          result: { applied: word(random) },
        },
        {
          state: 'the test report',
          action: 'run tests',
          tool: 'run_tests',
          args: {},
          result: { failed: 20 - at * 2 - random.below(2), first: word(random) },
        },
      ];
    }).flat(),
  'a supervisor and its workers': (random) =>
    Array.from({ length: random.between(4, 7) }, () => {
      const task = word(random);
      return [
        {
          key: 'supervisor',
          state: `supervisor: next is ${task}`,
          action: `delegate ${task}`,
          tool: 'delegate',
          args: { task },
          result: { worker: word(random) },
        },
        {
          key: 'worker',
          state: `worker: ${task}`,
          action: `work on ${task}`,
          tool: 'work',
          args: { task },
          result: { made: word(random) },
        },
      ];
    }).flat(),
  'a form, field by field': (random) => {
    const { state } = freshMove(random);
    return Array.from({ length: random.between(7, 10) }, () => {
      const field = word(random);
      return {
        state,
        action: `type into ${field}`,
        tool: 'type',
        args: { field },
        result: { filled: field },
      };
    });
  },
  'a list and its items': (random) => {
    const list = word(random);
    return Array.from({ length: random.between(4, 8) }, () => {
      const item = word(random);
      return [
        {
          state: `the list ${list}`,
          action: `open ${item}`,
          tool: 'open',
          args: { item },
          result: { title: item },
        },
        {
          state: `the item ${item} of ${list}`,
          action: 'go back',
          tool: 'back',
          args: {},
          result: { from: item },
        },
      ];
    }).flat();
  },
  'a dead end reached twice': (random) => {
    const { state, tool } = freshMove(random);
    const visit = () => {
      const target = word(random);
      return { state, action: `${tool} ${target}`, tool, args: { target }, error: `cannot open ${target}` };
    };
    return [visit(), ...freshMoves(random, 2), visit(), ...freshMoves(random, 1)];
  },
  'the same words twice': (random) => {
    const said = `Here is the ${word(random)} you asked for.`;
    return Array.from({ length: 2 }, () => ({
      state: `asked ${word(random)} ${word(random)}`,
      said,
      heard: word(random),
    }));
  },
  'a long page, scrolled': (random) => {
    const words = Array.from({ length: 200 }, () => word(random));
    return Array.from({ length: random.between(5, 9) }, (_, at) => ({
      state: words.slice(at * 4, at * 4 + 60).join(' '),
      action: 'scroll down',
      tool: 'scroll',
      args: { by: 400 },
      result: { ok: true },
    }));
  },
  'the same call for other orders': (random) => {
    const { state } = freshMove(random);
    return Array.from({ length: random.between(4, 7) }, () => {
      const order = random.between(1000, 9999);
      return {
        state,
        action: `look up order ${order}`,
        tool: 'lookup',
        args: { order },
        error: 'no such order',
      };
    });
  },
  'no loop at all': (random) => freshMoves(random, random.between(10, 40)),
};
