import { describe, expect, it } from 'vitest';
import { translateSpan } from '../../src/translate/translate-span.js';
import { chat, span, spanId, T0, traceId } from '../store/spans.js';

describe('translating a span', () => {
  it('keeps what the span says of itself, beside the facts of its dialect', () => {
    const record = chat({
      id: 2,
      parent: 1,
      start: 1.5,
      end: 20.25,
      error: true,
      flags: 0x101,
      link: { trace: 3, id: 4 },
    });
    record.statusMessage = 'too long';
    record.resource.attributes['deployment.environment.name'] = 'staging';
    const { facts, ...said } = translateSpan(record);
    expect(said).toEqual({
      traceId: traceId(1),
      spanId: spanId(2),
      parentId: spanId(1),
      localParent: true,
      name: 'chat gpt-5',
      startMs: T0 + 1.5,
      endMs: T0 + 20.25,
      status: 'error',
      statusMessage: 'too long',
      dialect: 'otel-genai',
      scope: 'test',
      serviceName: 'svc',
      environment: 'staging',
      link: { traceId: traceId(3), spanId: spanId(4) },
    });
    expect(facts).toMatchObject({
      concept: 'observation',
      observation: { type: 'GENERATION', requestModel: 'gpt-5' },
    });
  });

  it('knows an open span, a remote parent and a span that names itself as its parent', () => {
    expect(translateSpan(span({ id: 1, end: null }))).not.toHaveProperty('endMs');
    expect(translateSpan(span({ id: 1, parent: 2, flags: 0x300 })).localParent).toBe(false);
    expect(translateSpan(span({ id: 1, parent: 2, flags: 1 }))).not.toHaveProperty('localParent');
    expect(translateSpan(span({ id: 1, parent: 1 }))).not.toHaveProperty('parentId');
  });

  it('takes the status that a dialect says in words of its own', () => {
    const record = span({ id: 1 });
    record.scope = { name: 'langfuse-sdk' };
    record.attributes = {
      'langfuse.observation.type': 'generation',
      'langfuse.observation.level': 'ERROR',
      'langfuse.observation.status_message': 'too many requests',
    };
    expect(translateSpan(record)).toMatchObject({
      dialect: 'langfuse',
      status: 'error',
      statusMessage: 'too many requests',
    });
  });

  it('reads times at both ends of what OTLP can say', () => {
    const record = span({ id: 1 });
    record.startTimeUnixNano = 0n;
    record.endTimeUnixNano = 2n ** 64n - 1n;
    expect(translateSpan(record)).toMatchObject({ startMs: 0, endMs: 18446744073709.55 });
  });
});
