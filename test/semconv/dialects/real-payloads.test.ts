import { describe, expect, it } from 'vitest';
import { foldSessions } from '../../../src/translate/fold-sessions.js';
import { translateSpan } from '../../../src/translate/translate-span.js';
import type { SpanRecord } from '../../../src/otlp/records.js';
import type { DialectSpan } from '../../../semconv/dialects/dialect.js';
import { DIALECTS } from '../../../semconv/dialects/index.js';

/** Facts of a sample, by its dialect and the beginning of its title. */
function read(dialectName: string, title: string): unknown {
  const dialect = DIALECTS.find(({ name }) => name === dialectName);
  const sample = dialect?.samples.find((candidate) => candidate.title.startsWith(title));
  if (dialect === undefined || sample === undefined) throw new Error(`no sample "${title}"`);
  const facts = dialect.read(sample.span);
  if (facts.concept !== 'observation') throw new Error(`read as ${facts.concept}`);
  return facts.observation;
}

const text = (content: string) => ({ type: 'text', content });
const call = { type: 'tool_call', id: 'call_9', name: 'find_parcel', arguments: { id: 9 } };
const answer = { type: 'tool_call_response', id: 'call_9', response: { city: 'Bergen' } };
const system = { role: 'system', parts: [text('Be brief.')] };
const question = { role: 'user', parts: [text('Where is parcel 9?')] };
const BUCKETS = { input: 28, cacheRead: 32, output: 4, reasoning: 8 };
//MORE
