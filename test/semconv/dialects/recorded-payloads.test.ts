import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Observation } from '../../../semconv/model/observation.js';
import { decodeTraceRequest } from '../../../src/otlp/decode.js';
import { foldSessions } from '../../../src/translate/fold-sessions.js';
import { translateSpan } from '../../../src/translate/translate-span.js';

const CORPUS = process.env['SPOOR_CORPUS'];
const FOLDER = join(CORPUS ?? '', 'otlp');
const PAYLOADS =
  CORPUS === undefined ? [] : readdirSync(FOLDER).filter((name) => /trace\.(json|pb)$/.test(name));

/** Skipped without SPOOR_CORPUS: recorded payloads are read in place, and are not a part of the project. */
describe.skipIf(CORPUS === undefined)('recorded trace payloads (SPOOR_CORPUS is not set)', () => {
  it('are there', () => {
    expect(PAYLOADS.length).toBeGreaterThanOrEqual(5);
  });

  it.each(PAYLOADS)('%s is decoded whole, and every span is read to a valid record', (name) => {
    const { spans, rejected } = decode(name);
    expect(spans.length).toBeGreaterThan(0);
    expect(rejected).toBeUndefined();
    const translated = spans.map((span) => translateSpan(span));
    const folded = foldSessions(translated);
    const observations = folded.flatMap((session) => session.observations);
    expect(observations.length).toBe(spans.length);
    for (const observation of observations) expect(Observation.safeParse(observation).error).toBeUndefined();
  });

  it.each(['js-sdk-2.12-trace', 'js-sdk-3.1-complex-attributes-trace'])(
    '%s says the same of the same program in both encodings',
    (name) => {
      // Two runs of it: their ids, times and the length of a padded name differ.
      const read = (ending: string): unknown[] =>
        decode(`${name}.${ending}`).spans.map((span) => {
          const { name: spanName, dialect, scope, status, facts } = translateSpan(span);
          const said = facts.concept === 'observation' ? { ...facts.observation, serviceName: '' } : facts;
          return { spanName, dialect, scope, status, said };
        });
      expect(read('json')).toEqual(read('pb'));
    },
  );
});

function decode(name: string): ReturnType<typeof decodeTraceRequest> {
  return decodeTraceRequest(readFileSync(join(FOLDER, name)), name.endsWith('.pb') ? 'protobuf' : 'json');
}
