import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Finding, StuckReport } from '../../semconv/model/finding.js';
import type { Observation } from '../../semconv/model/observation.js';
import type { Step } from '../../semconv/model/step.js';
import { readMoves, type SessionRecords } from '../../src/analysis/moves/read-moves.js';
import { findStuck } from '../../src/analysis/stuck/find-stuck.js';
import { findMotifs } from '../../src/analysis/stuck/motifs.js';
import { createStuckAnalyzer } from '../../src/analysis/stuck/stuck-analyzer.js';
import { makeObservation, makeSession, makeStep } from '../cli/trails.js';

/** `state: action = outcome`, `!` at the end for a failure, `@n` for declared progress. */
function walk(moves: readonly string[], id = 'session-0001', isSuccessful?: boolean): SessionRecords {
  const steps: Step[] = [];
  const observations: Observation[] = [];
  for (const [index, move] of moves.entries()) {
    const [, state = '', action = '', result, fails, progress] =
      /^([^:]*): ([^=!@]*?)(?: = ([^!@]*?))?(!)?(?: @(\d+))?$/.exec(move) ?? [];
    const stepId = `${id}-${index}`;
    steps.push(
      makeStep({
        id: stepId,
        sessionId: id,
        index,
        state,
        action,
        ...(fails === undefined ? {} : { status: 'error', statusMessage: 'refused' }),
        ...(progress === undefined ? {} : { progress: Number(progress) }),
        usage: { input: 10, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0, total: 10 },
        cost: 0.25,
      }),
    );
    if (result !== undefined) {
      observations.push(
        makeObservation({
          id: `${stepId}-tool`,
          stepId,
          type: 'TOOL',
          name: 'do',
          tool: { name: 'do', arguments: {}, result },
        }),
      );
    }
  }
  const session = makeSession({ id, ...(isSuccessful === undefined ? {} : { isSuccessful }) });
  return { session, steps, observations };
}

const found = (
  moves: readonly string[],
): Pick<Finding, 'rule' | 'repeats' | 'period' | 'firstIndex' | 'lastIndex'>[] =>
  findStuck(walk(moves)).findings.map(({ rule, repeats, period, firstIndex, lastIndex }) => ({
    rule,
    repeats,
    period,
    firstIndex,
    lastIndex,
  }));
const times = <T>(count: number, list: readonly T[]): T[] => Array.from({ length: count }, () => list).flat();

test('a finding names its steps, the first that repeats, and what they took', () => {
  const report = findStuck(walk(['a: go = 1', ...times(4, ['b: wait = none']), 'c: stop = 2']));
  expect(StuckReport.parse(report)).toEqual(report);
  expect(report).toEqual({
    sessionId: 'session-0001',
    basis: 'steps',
    findings: [
      {
        rule: 'exact-retry',
        sessionId: 'session-0001',
        basis: 'steps',
        summary: '"wait" was done 4 times in the same state with the same outcome.',
        stepIds: ['session-0001-1', 'session-0001-2', 'session-0001-3', 'session-0001-4'],
        firstRepeatedId: 'session-0001-2',
        repeats: 4,
        period: 1,
        firstIndex: 1,
        lastIndex: 4,
        steps: 4,
        tokens: 40,
        ms: 4000,
        cost: 1,
        isOpen: false,
      },
    ],
    figures: {
      steps: 6,
      states: 3,
      repeatedSteps: 3,
      stepsPerState: 2,
      uniqueStateRatio: 0.5,
      backtrackRatio: 0,
      longestStagnation: 4,
      loopSteps: 4,
      loopTokens: 40,
      loopCost: 1,
      loopShare: 1 / 1.5,
    },
  });
});

const cycle = (length: number): string[] =>
  Array.from({ length }, (_, at) => `s${'x'.repeat(at + 3)}q${at}: a${at} = r${at}`);

const say = (id: string, words: string, startMs: number): Observation =>
  makeObservation({
    id,
    type: 'GENERATION',
    name: 'chat',
    startMs,
    inputMessages: [{ role: 'user', parts: [{ type: 'text', content: id }] }],
    outputMessages: [{ role: 'assistant', parts: [{ type: 'text', content: words }] }],
  });

const call = (at: number): Observation =>
  makeObservation({
    id: `t${at}`,
    stepId: 's',
    type: 'TOOL',
    name: 'get',
    tool: { name: 'get', arguments: { q: 1 }, result: 'no' },
    startMs: at,
  });

describe('each rule', () => {
  test('error retry: the same action fails, whatever the state', () => {
    expect(found(['a: x = 1', 'b: call!', 'c: call!', 'd: call!', 'e: y = 2'])).toEqual([
      { rule: 'error-retry', repeats: 3, period: 1, firstIndex: 1, lastIndex: 3 },
    ]);
  });

  test('flip-flop and longer sequences: the smallest period only', () => {
    expect(found(times(6, ['a: x = 1', 'b: y = 2']))).toEqual([
      { rule: 'flip-flop', repeats: 6, period: 2, firstIndex: 0, lastIndex: 11 },
    ]);
    expect(found(['z: z = 0', ...times(3, ['a: x = 1', 'b: y = 2', 'c: z = 3'])])).toEqual([
      { rule: 'tandem-repeat', repeats: 3, period: 3, firstIndex: 1, lastIndex: 9 },
    ]);
  });

  test('a period of 32 is found, one of 33 is not looked for', () => {
    expect(found(times(3, cycle(32))).map(({ rule, period }) => [rule, period])).toEqual([
      ['tandem-repeat', 32],
    ]);
    expect(found(times(3, cycle(33))).filter(({ rule }) => rule === 'tandem-repeat')).toEqual([]);
  });

  test('stagnation: this and that is tried and nothing comes of it', () => {
    const tried = ['click', 'scroll', 'drag', 'type', 'press', 'hover', 'zoom'].map(
      (verb) => `page: ${verb} = same`,
    );
    expect(found(['home: go = 1', ...tried])).toEqual([
      { rule: 'stagnation', repeats: 7, period: 1, firstIndex: 1, lastIndex: 7 },
    ]);
  });

  test('revisit churn: round and round without an order', () => {
    const order = ['a', 'b', 'c', 'a', 'c', 'b', 'a', 'b', 'c', 'b', 'a', 'c', 'a', 'b'];
    expect(found(order.map((place) => `the place ${place.repeat(9)}: leave ${place} = none`))).toMatchObject([
      { rule: 'revisit-churn', period: 3, firstIndex: 0, lastIndex: 13 },
    ]);
  });

  test('dead end: come back to, and failing each time', () => {
    const moves = [
      'wall: push!',
      'yard: look = 1',
      'wall: climb!',
      'shed: look = 2',
      'wall: dig!',
      'lane: go = 3',
    ];
    expect(found(moves)).toEqual([{ rule: 'dead-end', repeats: 3, period: 1, firstIndex: 0, lastIndex: 4 }]);
  });

  test('repeated message: the same words, nothing done in between', () => {
    const observations = [
      say('1', 'Hello.', 1),
      ...['2', '3', '4'].map((id, at) => say(id, 'What else?', at + 2)),
    ];
    const { basis, findings } = findStuck({ session: makeSession(), steps: [], observations });
    expect({ basis, findings: findings.map(({ rule, stepIds }) => [rule, stepIds]) }).toEqual({
      basis: 'observations',
      findings: [['repeated-message', ['2', '3', '4']]],
    });
  });

  test('calls that repeat inside one step are found there', () => {
    const records = {
      session: makeSession(),
      steps: [makeStep({ id: 's', index: 4 })],
      observations: [1, 2, 3].map(call),
    };
    expect(findStuck(records).findings).toMatchObject([
      {
        rule: 'exact-retry',
        basis: 'observations',
        stepIds: ['t1', 't2', 't3'],
        firstIndex: 4,
        lastIndex: 4,
      },
    ]);
  });
});

describe('no finding', () => {
  const NONE: Readonly<Record<string, readonly string[]>> = {
    'the same tool with other arguments': ['a: get 1 = x', 'a: get 2 = x', 'a: get 3 = x', 'a: get 4 = x'],
    'another outcome each time': ['a: poll = one', 'a: poll = two', 'a: poll = three', 'a: poll = four'],
    'a state whose figures go on': [
      'page 1 of 9: next = ok',
      'page 2 of 9: next = ok',
      'page 3 of 9: next = ok',
    ],
    'a progress value that is new': [
      'a: poll = same @1',
      'a: poll = same @2',
      'a: poll = same @3',
      'a: poll = same @4',
    ],
    'two tries': ['a: x = 1', 'a: x = 1', 'b: y = 2'],
    'one state all along, in which nobody tracks states': [
      'chat: a = none',
      'chat: b = none',
      'chat: c d = none',
      'chat: e f = none',
      'chat: g h = none',
      'chat: i j = none',
      'chat: k l = none',
    ],
  };
  test.each(Object.keys(NONE))('in %s', (name) => {
    expect(found(NONE[name] ?? [])).toEqual([]);
  });

  test('in steps that say nothing of what was done', () => {
    const steps = [0, 1, 2, 3].map((index) => makeStep({ id: `s${index}`, index, name: 'search' }));
    expect(findStuck({ session: makeSession(), steps, observations: [] }).findings).toEqual([]);
  });

  test('in calls whose content was not captured', () => {
    const observations = [1, 2, 3, 4].map((at) =>
      makeObservation({ id: `t${at}`, type: 'TOOL', name: 'get', tool: { name: 'get' }, startMs: at }),
    );
    expect(findStuck({ session: makeSession(), steps: [], observations }).findings).toEqual([]);
  });
});

test('ids and times that differ each time hide nothing', () => {
  const steps = [1, 2, 3].map((index) =>
    makeStep({
      id: `s${index}`,
      index,
      state: `The  inbox at 10:0${index}:12`,
      action: index === 2 ? 'Look ' : 'look',
      status: 'error',
      statusMessage: `no mail (request 0000000${index}-1111-4222-8333-abcdefabcdef, ${index * 7} ms)`,
    }),
  );
  const { findings } = findStuck({ session: makeSession(), steps, observations: [] });
  expect(findings).toMatchObject([{ rule: 'error-retry', repeats: 3 }]);
});

test('motifs are what failed sessions have in common', () => {
  const sessions = [
    walk(['a: x = 1', 'b: guess = 2', 'c: z = 3'], 'f1', false),
    walk(['d: x = 1', 'b: guess = 2', 'c: z = 3'], 'f2', false),
    walk(['a: x = 1', 'c: z = 3'], 'p1', true),
    walk(['d: x = 1', 'c: z = 3'], 'p2', true),
  ];
  expect(findMotifs(sessions)).toMatchObject([
    {
      moves: [
        { state: 'b', action: 'guess' },
        { state: 'c', action: 'z' },
      ],
      failed: 2,
      passed: 0,
      lift: 2,
      sessionIds: ['f1', 'f2'],
    },
  ]);
});

test('step by step gives what the whole gives, and never twice the same', () => {
  const run = fc.array(fc.constantFrom('a: x = 1', 'b: y = 2', 'b: z = 2', 'c: x!', 'a: x = 3'), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(run, (moves) => {
      const records = walk(moves);
      const analyzer = createStuckAnalyzer(records.session.id);
      for (const move of readMoves(records)) analyzer.append(move);
      const whole = findStuck(records);
      expect(analyzer.report().findings).toEqual(whole.findings.filter(({ basis }) => basis === 'steps'));
      for (const { stepIds, firstIndex, lastIndex, firstRepeatedId, steps } of whole.findings) {
        expect(stepIds).toContain(firstRepeatedId);
        expect(new Set(stepIds).size).toBe(steps);
        expect(lastIndex - firstIndex + 1).toBeGreaterThanOrEqual(steps);
      }
    }),
    { numRuns: 200 },
  );
});
