/**
 * Runs of a support agent whose worth is known: good ones with the blemishes that good runs have, bad ones of the kinds that
 * people report. Seeded: the same seed makes the same runs.
 */
const START = Date.UTC(2026, 8, 1);
const TOOLS = ['find_order', 'search_help', 'check_stock', 'refund'];

/** @returns {{ isGood: boolean, kind: string, records: object }[]} `count` good runs and as many bad ones */
export function makeRuns(seed, count) {
  const random = mulberry32(seed);
  const good = Array.from({ length: count }, (_, at) =>
    makeRun(random, `good-${at}`, GOOD[at % GOOD.length]),
  );
  const bad = Array.from({ length: count }, (_, at) => makeRun(random, `bad-${at}`, BAD[at % BAD.length]));
  return [...good.map((run) => ({ ...run, isGood: true })), ...bad.map((run) => ({ ...run, isGood: false }))];
}

const GOOD = [straight, longWay, oneFailure, slow, comesBack];
const BAD = [
  retriesForEver,
  toolNeverWorks,
  crashes,
  answerIsCut,
  flipFlops,
  leavesOpen,
  manyErrors,
  asksAndStops,
];

function makeRun(random, id, kind) {
  const run = new Run(random, id);
  kind(run);
  return { kind: kind.name, records: run.records() };
}

function straight(run) {
  for (let turn = run.between(2, 5); turn > 0; turn--) run.useTool();
  run.answer();
}
function longWay(run) {
  for (let turn = run.between(8, 14); turn > 0; turn--) run.useTool();
  run.answer();
}
function oneFailure(run) {
  run.useTool();
  run.useTool({ name: 'find_order', fails: true, argument: 'first try' });
  run.useTool({ name: 'find_order', argument: 'second try' });
  run.useTool();
  run.answer();
}
function slow(run) {
  run.pace = 6;
  straight(run);
}
function comesBack(run) {
  run.useTool({ name: 'search_help', argument: 'a' });
  run.useTool();
  run.useTool({ name: 'search_help', argument: 'a' });
  run.useTool();
  run.answer();
}
function retriesForEver(run) {
  run.useTool();
  for (let turn = run.between(4, 9); turn > 0; turn--) {
    run.useTool({ name: 'find_order', argument: 'same', result: 'not found' });
  }
  run.answer('I could not find it.');
}
function toolNeverWorks(run) {
  for (let turn = run.between(3, 5); turn > 0; turn--) {
    run.useTool({ name: 'refund', fails: true, argument: `try ${turn}` });
  }
  run.answer('I could not do it.');
}
function crashes(run) {
  straight(run);
  Object.assign(run.session, {
    exitCode: 1,
    endReason: 'crash',
    status: 'error',
    statusMessage: 'TypeError',
  });
}
function answerIsCut(run) {
  run.useTool();
  run.useTool({ name: 'check_stock', fails: true, argument: 'x' });
  run.answer('It is', ['length']);
}
function flipFlops(run) {
  for (let turn = run.between(4, 8); turn > 0; turn--) {
    run.useTool({ name: 'find_order', argument: 'same', result: 'see help' });
    run.useTool({ name: 'search_help', argument: 'same', result: 'see order' });
  }
  run.answer('Please write to us.');
}
function leavesOpen(run) {
  straight(run);
  const last = run.observations.at(-1);
  delete last.endMs;
  last.outcome = 'abandoned';
  run.session.endReason = 'SIGTERM';
}
function manyErrors(run) {
  for (let turn = run.between(4, 7); turn > 0; turn--) run.callModel({ fails: true });
  run.useTool();
  run.answer('Something went wrong.');
}
function asksAndStops(run) {
  run.useTool({ name: 'search_help', argument: 'same' });
  run.useTool({ name: 'search_help', argument: 'same' });
  run.callModel({ asks: 'refund' });
}

class Run {
  observations = [];
  steps = [];
  pace = 1;
  #time = START;
  #next = 0;

  constructor(random, id) {
    this.random = random;
    this.session = {
      id,
      implicit: false,
      status: 'unset',
      task: 'Where is my order?',
      startMs: START,
      endReason: 'user',
      traceIds: [id.padEnd(32, '0')],
      models: ['model-a'],
    };
  }

  between(least, most) {
    return least + Math.floor(this.random() * (most - least + 1));
  }

  useTool({ name, fails = false, argument, result } = {}) {
    const called = name ?? TOOLS[this.between(0, TOOLS.length - 1)];
    const given = argument ?? `query ${this.#next}`;
    const stepId = this.#step(`${called} ${given}`, called);
    this.callModel({ asks: called, stepId });
    this.#observe({
      type: 'TOOL',
      name: called,
      stepId,
      status: fails ? 'error' : 'unset',
      ...(fails ? { statusMessage: 'timeout' } : {}),
      tool: {
        name: called,
        arguments: { query: given },
        result: fails ? undefined : (result ?? `found ${this.#next}`),
      },
    });
    if (fails) Object.assign(this.steps.at(-1), { status: 'error', statusMessage: 'timeout' });
  }

  callModel({ asks, fails = false, stepId = this.#step('thinks', 'think') } = {}) {
    const parts =
      asks === undefined ? [] : [{ type: 'tool_call', id: `c${this.#next}`, name: asks, arguments: {} }];
    this.#observe({
      type: 'GENERATION',
      name: 'chat model-a',
      stepId,
      status: fails ? 'error' : 'unset',
      ...(fails ? { statusMessage: '529 overloaded' } : { outputMessages: [{ role: 'assistant', parts }] }),
      usage: { input: this.between(200, 900), output: this.between(20, 90) },
    });
  }

  answer(text = 'It arrives tomorrow.', finishReasons = ['stop']) {
    this.#observe({
      type: 'GENERATION',
      name: 'chat model-a',
      stepId: this.#step('answers', 'answer'),
      status: 'unset',
      finishReasons,
      outputMessages: [{ role: 'assistant', parts: [{ type: 'text', content: text }] }],
      usage: { input: this.between(200, 900), output: this.between(20, 90) },
    });
  }

  records() {
    const errorCount = this.observations.filter(({ status }) => status === 'error').length;
    Object.assign(this.session, {
      endMs: this.#time,
      updatedMs: this.#time,
      stepCount: this.steps.length,
      observationCount: this.observations.length,
      generationCount: this.observations.filter(({ type }) => type === 'GENERATION').length,
      toolCount: this.observations.filter(({ type }) => type === 'TOOL').length,
      errorCount,
      usage: NO_USAGE,
      cost: 0.001 * this.observations.length,
    });
    return { session: this.session, steps: this.steps, observations: this.observations };
  }

  #step(state, action) {
    const index = this.steps.length;
    const id = `${this.session.id}-s${index}`;
    const previous = this.steps.at(-1);
    this.steps.push({
      id,
      sessionId: this.session.id,
      name: 'step',
      index,
      ...(previous === undefined ? {} : { previousId: previous.id }),
      implicit: false,
      state,
      action,
      status: 'unset',
      startMs: this.#time,
      endMs: this.#time,
      observationCount: 1,
      usage: NO_USAGE,
    });
    return id;
  }

  #observe(facts) {
    const startMs = this.#time;
    this.#time += this.pace * this.between(200, 900);
    this.observations.push({
      id: (this.#next += 1).toString(16).padStart(16, '0'),
      traceId: this.session.traceIds[0],
      sessionId: this.session.id,
      dialect: 'spoor',
      startMs,
      endMs: this.#time,
      ...facts,
    });
  }
}

const NO_USAGE = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0, total: 0 };

function mulberry32(seed) {
  let state = seed;
  return () => {
    state = Math.trunc(state + 0x6d2b79f5);
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
