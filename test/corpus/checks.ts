import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { SpanStatusCode } from '@opentelemetry/api';
import { expect } from 'vitest';
import { bodyOf } from './calls.js';
import type { CallOutcome } from './outcome.js';
import type { Replay, Replayed } from './replay.js';
import { inputStrings, saidOf, validateContent } from './said.js';
import { truthOf, type Truth } from './truth.js';

/** Holds one replay against its recording. Throws where they differ. */
export function checkReplay(
  replay: Replay,
  replayed: Replayed | undefined,
  methods: ReadonlySet<string>,
): void {
  if (replayed === undefined) throw new Error('the call was not made');
  const { bare, traced, spans } = replayed;
  expect(traced, 'what the program saw').toEqual(bare);
  const isInstrumented = replay.endpoint.method !== undefined && methods.has(replay.endpoint.method);
  expect(
    spans.map(({ name }) => name),
    'number of spans',
  ).toHaveLength(isInstrumented ? 1 : 0);
  if (replay.endpoint.method !== undefined) checkRequested(replay, replayed);
  const span = spans[0];
  if (span === undefined) return;
  checkStatus(span, replay, traced);
  validateContent(span);
  checkParameters(span, replay);
  checkInput(span, replay);
  const truth = replay.endpoint.shape && truthOf(replay.endpoint.shape, replay.recording);
  if (truth && traced.error === undefined) checkAnswer(span, truth);
}

/** The SDK's method is the one that was recorded: else the replay proves nothing about it. */
function checkRequested({ recording }: Replay, { requested }: Replayed): void {
  expect(
    { method: requested?.method, path: withoutQuery(requested?.path ?? '') },
    'what the SDK asked for',
  ).toEqual({
    method: recording.method,
    path: withoutQuery(recording.path),
  });
}

function withoutQuery(path: string): string {
  return path.replace(/[?#].*$/, '');
}

/** A helper may reject a whole answer for reasons of its own: that is no failure of the call. */
function checkStatus(span: ReadableSpan, { recording, form }: Replay, traced: CallOutcome): void {
  if (traced.error === undefined || (form === 'helper' && recording.status < 400)) return;
  expect(span.status.code, 'status of a call that failed').toBe(SpanStatusCode.ERROR);
  expect(span.attributes['error.type'], 'error.type of a call that failed').toEqual(expect.any(String));
}

function checkAnswer(span: ReadableSpan, truth: Truth): void {
  const said = saidOf(span);
  const { texts, blocks, others = [], ...rest } = truth;
  const { texts: saidTexts, blocks: saidBlocks, others: saidOthers = [], ...saidRest } = said;
  expect({ ...saidRest, text: saidTexts.join('\n').trim() }).toEqual({
    ...rest,
    text: texts.join('\n').trim(),
  });
  if (blocks !== undefined) expect(saidBlocks, 'number of parts').toBe(blocks);
  expect(saidOthers, 'texts of other blocks').toEqual(expect.arrayContaining(others));
}

/** Names of parameters as both providers spell them, and the attribute of each. */
const PARAMETERS: readonly (readonly [parameter: string, attribute: string])[] = [
  ['model', 'gen_ai.request.model'],
  ['max_tokens', 'gen_ai.request.max_tokens'],
  ['max_output_tokens', 'gen_ai.request.max_tokens'],
  ['temperature', 'gen_ai.request.temperature'],
  ['top_p', 'gen_ai.request.top_p'],
  ['top_k', 'gen_ai.request.top_k'],
  ['seed', 'gen_ai.request.seed'],
  ['frequency_penalty', 'gen_ai.request.frequency_penalty'],
  ['presence_penalty', 'gen_ai.request.presence_penalty'],
];

function checkParameters(span: ReadableSpan, { recording, endpoint }: Replay): void {
  const { body } = recording;
  if (body === undefined || endpoint.shape === undefined) return;
  const given = PARAMETERS.filter(([parameter]) => ['number', 'string'].includes(typeof body[parameter]));
  const said = Object.fromEntries(
    given.map(([parameter, attribute]) => [parameter, span.attributes[attribute]]),
  );
  expect(said, 'parameters').toEqual(
    Object.fromEntries(given.map(([parameter]) => [parameter, body[parameter]])),
  );
}

/** Every text of the request stands somewhere in the content of the span. */
function checkInput(span: ReadableSpan, replay: Replay): void {
  const body = bodyOf(replay.recording);
  if (replay.recording.body === undefined || replay.endpoint.shape === undefined) return;
  const kept = inputStrings(span);
  const missing = requestTexts(body).filter((text) => !kept.has(text) && !kept.has(reformatted(text)));
  expect(missing, 'texts of the request that the span lacks').toEqual([]);
}

function reformatted(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

function requestTexts(body: Record<string, unknown>): string[] {
  const texts: string[] = [];
  for (const key of ['system', 'messages', 'prompt', 'instructions', 'input']) collectTexts(body[key], texts);
  return texts.filter((text) => text !== '');
}

/** Values under the keys that hold text in every one of these APIs, and plain strings. */
function collectTexts(value: unknown, texts: string[]): void {
  if (typeof value === 'string') texts.push(value);
  if (Array.isArray(value)) for (const item of value) collectTexts(item, texts);
  else if (typeof value === 'object' && value !== null) {
    for (const key of ['content', 'text', 'thinking', 'refusal']) {
      collectTexts((value as Record<string, unknown>)[key], texts);
    }
  }
}
