import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { describe, expect, it } from 'vitest';
import { createLineDecoder, encodeLine } from '../../../src/sdk/journal/span-lines.js';
import { richSpan, someSpans } from './some-spans.js';

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('utf8');

describe('a line of the journal', () => {
  it('brings back spans that are sent byte for byte as the first ones were, in both encodings', () => {
    const spans = [richSpan(), ...someSpans(3)];
    const decoded = createLineDecoder().decode(text(encodeLine(spans)));
    expect(decoded).toHaveLength(4);
    expect(text(JsonTraceSerializer.serializeRequest(decoded ?? []))).toBe(
      text(JsonTraceSerializer.serializeRequest(spans)),
    );
    expect(ProtobufTraceSerializer.serializeRequest(decoded ?? [])).toEqual(
      ProtobufTraceSerializer.serializeRequest(spans),
    );
  });

  it('is one line, whatever the spans say', () => {
    expect(text(encodeLine([richSpan()])).includes('\n')).toBe(false);
  });

  it.each(['', '{', '{"resourceSpans":', '[]', '{}', 'null', '{"resourceSpans":[{}]}'])(
    'that is torn to %j is none',
    (line) => {
      expect(createLineDecoder().decode(line)).toBeUndefined();
    },
  );

  it('names one resource once, over many lines', () => {
    const decoder = createLineDecoder();
    const lines = someSpans(3).map((span) => text(encodeLine([span])));
    const resources = lines.flatMap((line) => decoder.decode(line) ?? []).map(({ resource }) => resource);
    expect(new Set(resources).size).toBe(1);
  });
});
