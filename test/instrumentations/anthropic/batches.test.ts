import { describe, expect, it } from 'vitest';
import { BATCH_METHODS, createResultsReducer } from '../../../instrumentations/anthropic/batch-calls.js';

const left = (client: object): boolean[] =>
  BATCH_METHODS.map(({ tracesItself }) => tracesItself?.(client, []) === true);

describe('batches', () => {
  it('counts results by their kind, whatever their shape', () => {
    const reducer = createResultsReducer();
    const kinds = ['succeeded', 'errored', 'expired', 'succeeded'];
    for (const type of kinds) reducer.add({ custom_id: 'a', result: { type } });
    for (const odd of [undefined, 'text', { result: null }]) reducer.add(odd);
    expect(reducer.response().providerAttributes).toEqual({
      'spoor.batch.request_count': 7,
      'spoor.batch.completed_count': 2,
      'spoor.batch.failed_count': 1,
    });
  });

  it('leaves the span to an SDK that makes one', () => {
    expect(new Set(left({ _tracer: {}, openTelemetry: { tracerProvider: {} } }))).toEqual(new Set([true]));
    expect(new Set(left({ _tracer: undefined }))).toEqual(new Set([false]));
    expect(BATCH_METHODS.length).toBe(9);
  });

  it('survives answers of any shape', () => {
    for (const { mapper } of BATCH_METHODS) {
      for (const value of [undefined, null, 'text', [], { request_counts: 'x' }]) {
        expect(mapper.response(value).error).toBeUndefined();
        expect(mapper.request([value], {}).provider).toBe('anthropic');
      }
    }
  });
});
