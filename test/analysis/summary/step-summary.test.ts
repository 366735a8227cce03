import { describe, expect, it } from 'vitest';
import type { Step } from '../../../semconv/model/step.js';
import { cutMiddle } from '../../../src/analysis/summary/cut-middle.js';
import { summarizeSteps, summarizeStepsWith } from '../../../src/analysis/summary/step-summary.js';
import { observation, run } from '../scores/runs.js';

const STEP: Step = {
  id: 's1',
  sessionId: 'run-1',
  name: 'step',
  index: 0,
  implicit: false,
  status: 'unset',
  startMs: 0,
  endMs: 1,
  observationCount: 1,
  usage: { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0, total: 0 },
};
const SAID = observation({
  stepId: 's1',
  inputMessages: [{ role: 'user', parts: [{ type: 'text', content: 'Where  is\nmy order?' }] }],
  outputMessages: [
    {
      role: 'assistant',
      parts: [{ type: 'text', content: 'It is on its way to Riga. It arrives tomorrow.' }],
    },
  ],
});
const records = { ...run({ task: 'Help a customer' }, [SAID]), steps: [STEP] };

async function ask(prompt: string): Promise<string> {
  if (prompt.includes('what an agent did')) throw new Error('overloaded');
  return 'A line\nof the model';
}

describe('summarizeSteps', () => {
  it('uses the words that are there', () => {
    expect(summarizeSteps(records)).toEqual([
      {
        stepId: 's1',
        state: { text: 'Where is my order?', source: 'extracted' },
        goal: { text: 'Help a customer', source: 'extracted' },
        action: { text: 'It is on its way to Riga.', source: 'extracted' },
      },
    ]);
  });

  it('leaves what the program gave', () => {
    const steps = [{ ...STEP, state: 'cart page', action: 'click pay' }];
    expect(summarizeSteps({ ...records, steps })[0]).toMatchObject({
      state: { text: 'cart page', source: 'given' },
      action: { text: 'click pay', source: 'given' },
    });
  });

  it('says who made a line, and falls back when a model fails', async () => {
    const [summary] = await summarizeStepsWith(ask, records);
    expect(summary?.state).toEqual({ text: 'A line of the model', source: 'model' });
    expect(summary?.action).toEqual({ text: 'It is on its way to Riga.', source: 'extracted' });
  });
});

describe('cutMiddle', () => {
  it('keeps the start and the end, and no half of a pair', () => {
    expect(cutMiddle('abcdefghij', 10)).toBe('abcdefghij');
    expect(cutMiddle('abcdefghijk', 10)).toBe('abcd … ijk');
    expect(cutMiddle('😀'.repeat(20), 10).isWellFormed()).toBe(true);
    expect(cutMiddle('abcdef', 0).length).toBeLessThanOrEqual(3);
  });
});
