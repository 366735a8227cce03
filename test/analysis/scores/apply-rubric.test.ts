import { describe, expect, it } from 'vitest';
import type { Rubric } from '../../../semconv/model/rubric.js';
import { applyRubric } from '../../../src/analysis/scores/apply-rubric.js';
import { DEFAULT_RUBRIC } from '../../../src/analysis/scores/default-rubric.js';
import type { Judge, Verdict } from '../../../src/analysis/scores/verdict.js';
import { observation, run } from './runs.js';

const target = { kind: 'session', id: 'run-1' };
const WEIGHTED: Rubric = {
  name: 'service',
  version: '3',
  kind: 'score',
  criteria: [
    { name: 'polite', weight: 3 },
    { name: 'right', weight: 1 },
  ],
};
const GATE: Rubric = {
  name: 'gate',
  kind: 'pass-fail',
  criteria: [{ name: 'polite' }, { name: 'completed', heuristic: 'completed' }],
};

const model = async (): Promise<Verdict> => ({ value: 5, explanation: '' });
const polite = (value: boolean): Record<string, Judge> => ({
  polite: () => ({ value, explanation: 'checked' }),
});

describe('a score rubric', () => {
  it('gives the weighted mean, with its source, version and evidence', async () => {
    const judges = {
      polite: () => ({ value: 10, explanation: 'said please', evidence: ['0000000000000001'] }),
      right: async () => ({ value: 2, explanation: 'wrong street' }),
    };
    expect(await applyRubric(run(), WEIGHTED, { judges })).toEqual({
      overall: {
        name: 'service',
        value: 8,
        explanation: 'weakest: right, wrong street',
        source: 'code',
        rubric: 'service',
        version: '3',
        target,
      },
      criteria: [
        {
          name: 'polite',
          criterion: 'polite',
          value: 10,
          explanation: 'said please',
          evidence: ['0000000000000001'],
          source: 'code',
          rubric: 'service',
          version: '3',
          target,
        },
        {
          name: 'right',
          criterion: 'right',
          value: 2,
          explanation: 'wrong street',
          source: 'code',
          rubric: 'service',
          version: '3',
          target,
        },
      ],
      unjudged: [],
    });
  });

  it('makes nothing up where nobody judged, or a judge failed', async () => {
    const judges = {
      polite: () => {
        throw new Error('no');
      },
      right: () => ({ value: Number.NaN, explanation: '' }),
    };
    expect(await applyRubric(run(), WEIGHTED, { judges })).toEqual({
      criteria: [],
      unjudged: ['polite', 'right'],
    });
    const { overall, unjudged } = await applyRubric(run(), WEIGHTED, {
      judges: { right: () => ({ value: 4, explanation: '' }) },
    });
    expect([overall?.value, unjudged]).toEqual([4, ['polite']]);
  });

  it('lets people decide over code, and code over a model', async () => {
    const given = [
      {
        name: 'polite',
        value: 1,
        source: 'human',
        rubric: 'service',
        criterion: 'polite',
        target: { kind: 'session' as const, id: 'run-1' },
      },
    ];
    const judges = { polite: () => ({ value: 10, explanation: '' }) };
    const { criteria } = await applyRubric(run(), WEIGHTED, { judges, model, given });
    expect(criteria.map(({ value, source }) => [value, source])).toEqual([
      [1, 'human'],
      [5, 'model'],
    ]);
  });
});

describe('a pass/fail rubric', () => {
  it('passes when every criterion does', async () => {
    const { overall } = await applyRubric(run(), GATE, { judges: polite(true) });
    expect([overall?.value, overall?.label]).toEqual([true, 'pass']);
  });

  it('fails with the reasons when one does not', async () => {
    const { overall } = await applyRubric(run({ exitCode: 3 }), GATE, { judges: polite(true) });
    expect([overall?.value, overall?.explanation]).toEqual([
      false,
      'completed: the program ended with code 3',
    ]);
  });

  it('does not pass while a criterion is not judged', async () => {
    expect(await applyRubric(run(), GATE)).toMatchObject({ unjudged: ['polite'] });
    expect((await applyRubric(run(), GATE)).overall).toBeUndefined();
    expect((await applyRubric(run({ exitCode: 3 }), GATE)).overall?.value).toBe(false);
  });
});

describe('the default rubric', () => {
  it('says 1 of a run without a fault, and leaves out what it cannot see', async () => {
    const { overall, unjudged } = await applyRubric(run(), DEFAULT_RUBRIC);
    expect(overall).toMatchObject({ name: 'default', value: 1, source: 'heuristic', version: '1', target });
    expect(unjudged).toEqual(['tools', 'repeated-work', 'latency', 'cost']);
  });

  it('names what was wrong, with the spans that show it', async () => {
    const tool = observation({ id: '00000000000000bb', type: 'TOOL', name: 'refund', status: 'error' });
    const { criteria } = await applyRubric(run({}, [tool, observation()]), DEFAULT_RUBRIC);
    expect(criteria.find(({ name }) => name === 'tools')).toMatchObject({
      value: 0,
      explanation: '1 of 1 tool calls failed; refund never worked',
      evidence: ['00000000000000bb'],
    });
  });

  it('sees latency and cost against the other runs', async () => {
    const history = { durationsMs: [900, 1000, 1000, 1100, 1200], costs: [1, 1, 1, 1, 1] };
    const { criteria } = await applyRubric(
      { ...run({ endMs: run().session.startMs + 60_000, cost: 1 }), history },
      DEFAULT_RUBRIC,
    );
    const values = Object.fromEntries(criteria.map(({ name, value }) => [name, value]));
    expect([values['latency'], values['cost']]).toEqual([0, 1]);
  });
});
