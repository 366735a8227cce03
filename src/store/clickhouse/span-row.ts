import type { SpanRecord } from '../../otlp/records.js';
import { toNode, toPatch } from '../../translate/span-node.js';
import { previewOf } from '../../translate/preview.js';
import { scoresOf } from '../../translate/scores-of.js';
import type { TranslatedSpan } from '../../translate/translate-span.js';
import { packSpan } from '../span-body.js';
import { fold } from '../text-query.js';
import type { ContentSink } from './contents.js';
import { slimSpan } from './slim-span.js';
import { dayOf } from './tables.js';

/** A row of `spans`: identity, what lists and sums need, and the body with the hashes of its large values. */
export interface SpanRow {
  trace_id: string;
  span_id: string;
  version: string;
  removed: 0 | 1;
  day: string;
  received_ms: number;
  /** When its first copy came, and as the how many-th of its batch: the order of a search. */
  first_ms: number;
  place: number;
  start_ms: number;
  end_ms: number;
  ended: 0 | 1;
  stated_session: string;
  type: string;
  name: string;
  models: string[];
  status: string;
  dialect: string;
  facts: string;
  preview: string;
  /** What the span says of scores: the names, sources and sessions by which they are looked for, and all of it. */
  score_names: string[];
  score_sources: string[];
  score_sessions: string[];
  scores: string;
  refs: string[];
  body: string;
}

/** Ended beats pending, later beats earlier. */
const ENDED = 1n << 60n;
const REVISIONS = 1000n;

/** The version of a copy of a span: the highest one stands. */
export function versionOf(isEnded: boolean, receivedMs: number): bigint {
  return (isEnded ? ENDED : 0n) + BigInt(Math.floor(receivedMs)) * REVISIONS;
}

/** When a span came. */
export interface Arrival {
  receivedMs: number;
  /** Of its first copy. */
  firstMs: number;
  place: number;
  /** When it is not that of the arrival. */
  day?: string;
}

/** A span → its row. `translated` may know more than the span: what was logged within it. */
export function toSpanRow(
  span: SpanRecord,
  translated: TranslatedSpan,
  { receivedMs, firstMs, place, day = dayOf(receivedMs) }: Arrival,
  contents: ContentSink,
): SpanRow {
  const { facts, endMs } = translated;
  const node = toNode(translated, receivedMs);
  const local = contents.ofOneRow(day);
  const { body } = packSpan(span, local);
  const observation = facts.concept === 'observation' ? facts.observation : undefined;
  const words = fold(previewOf(translated));
  return {
    trace_id: span.traceId,
    span_id: span.spanId,
    version: versionOf(endMs !== undefined, receivedMs).toString(),
    removed: 0,
    day,
    received_ms: receivedMs,
    first_ms: firstMs,
    place,
    start_ms: translated.startMs,
    end_ms: endMs ?? 0,
    ended: endMs === undefined ? 0 : 1,
    stated_session: node.sessionId ?? '',
    type: observation?.type ?? '',
    name: (observation?.name ?? '').toWellFormed(),
    models: [observation?.requestModel, observation?.responseModel]
      .filter((model) => typeof model === 'string')
      .map((model) => model.toWellFormed()),
    status: translated.status,
    dialect: translated.dialect,
    facts: JSON.stringify(slimSpan(translated)),
    preview: wordsText(words),
    ...scoreColumns(translated),
    refs: local.refs,
    body,
  };
}

type ScoreColumns = Pick<SpanRow, 'score_names' | 'score_sources' | 'score_sessions' | 'scores'>;

function scoreColumns(translated: TranslatedSpan): ScoreColumns {
  const { scores } = scoresOf(translated);
  const sessions = scores.filter(({ target }) => target.kind === 'session').map(({ target }) => target.id);
  return {
    score_names: scores.map(({ name }) => name.toWellFormed()),
    score_sources: scores.flatMap(({ source }) => source?.toWellFormed() ?? []),
    score_sessions: sessions.map((id) => id.toWellFormed()),
    scores: scores.length === 0 ? '' : JSON.stringify(scores),
  };
}

/** Words as a text in which the beginning of each can be found: one space before every word. */
export function wordsText(words: readonly string[]): string {
  return words.length === 0 ? '' : ` ${[...new Set(words)].join(' ')}`;
}

/** What finds a word in such a text, by LIKE: words have none of its signs. */
export function wordPattern(word: string): string {
  return `% ${word}%`;
}

/** What an amendment of an observation is found by; undefined for all other spans. */
export function amendmentTarget(translated: TranslatedSpan): string | undefined {
  const patch = toPatch(translated);
  if (patch?.kind !== 'observation') return undefined;
  return patch.targetTraceId === undefined
    ? sessionTarget(patch.targetSessionId ?? '')
    : traceTarget(patch.targetTraceId);
}

export function traceTarget(traceId: string): string {
  return `trace ${traceId}`;
}

export function sessionTarget(sessionId: string): string {
  return `session ${sessionId}`;
}
