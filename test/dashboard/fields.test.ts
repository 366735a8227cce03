import { describe, expect, it } from 'vitest';
import {
  objectFields,
  observationFields,
  totalFields,
  usageFields,
} from '../../src/dashboard/model/fields.js';
import { observation } from './records.js';

describe('the facts of an observation', () => {
  it('leave out what is not known', () => {
    expect(observationFields(observation())).toEqual([
      ['Type', 'span'],
      ['Status', 'ok'],
      ['Duration', '1 s'],
      ['Read as', 'spoor'],
      ['Trace', 't1'],
      ['Span', 'o1'],
    ]);
  });

  it('keep zeros and falsehoods, and name both models when they differ', () => {
    const said = observationFields(
      observation({
        cost: 0,
        streamed: false,
        timeToFirstChunkMs: 0,
        requestModel: 'm',
        responseModel: 'm-1',
      }),
    );
    expect(
      said.filter(([name]) => ['Cost', 'Streamed', 'First chunk after', 'Model'].includes(name)),
    ).toEqual([
      ['Model', 'm → m-1'],
      ['First chunk after', '0 ms'],
      ['Streamed', 'no'],
      ['Cost', '$0'],
    ]);
  });
});

describe('the tokens', () => {
  it('are the reported buckets and their sum', () => {
    expect(usageFields({ input: 1_000, output: 0, reasoning: 20 })).toEqual([
      ['Input', '1,000'],
      ['Output', '0'],
      ['Reasoning', '20'],
      ['Total', '1,020'],
    ]);
  });

  it('have no lines when nothing was reported', () => {
    expect([usageFields(undefined), usageFields({}), usageFields({ reported: { x: 1 } })]).toEqual([
      [],
      [],
      [],
    ]);
  });
});

describe('the tokens of a sum', () => {
  it('leave out empty buckets', () => {
    const none = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0, total: 0 };
    expect(totalFields({ ...none, input: 5, reasoning: 2, total: 7 })).toEqual([
      ['Input', '5'],
      ['Reasoning', '2'],
      ['Total', '7'],
    ]);
    expect(totalFields(none)).toEqual([]);
  });
});

describe('an object', () => {
  it('has a line for each key, whatever the key is called', () => {
    const hostile = JSON.parse('{"__proto__": {"a": 1}, "text": "<b>", "none": null}') as Record<
      string,
      unknown
    >;
    expect(objectFields(hostile)).toEqual([
      ['__proto__', '{"a":1}'],
      ['text', '<b>'],
      ['none', 'null'],
    ]);
    expect(objectFields(undefined)).toEqual([]);
  });
});
