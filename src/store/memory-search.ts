import type { Observation } from '../../semconv/model/observation.js';
import type { SpanRecord } from '../otlp/records.js';
import { hasAttributes, matchesObservation } from './match-observation.js';
import { isAfter, limitOf, pageOf, positionOf, comparePositions, type Position } from './page.js';
import type { Page, SearchQuery } from './store.js';
import { searchWords } from './text-query.js';

/** A span with what a search looks at. */
export interface Searched {
  span: SpanRecord;
  /** The order in which spans came first. */
  sequence: number;
  receivedMs: number;
  words: ReadonlySet<string>;
}

/** A page of the observations that a search finds, newest first. */
export function searchKept(
  kept: Iterable<Searched>,
  query: SearchQuery,
  observationOf: (span: SpanRecord) => Observation | undefined,
): Page<Observation> {
  const limit = limitOf(query);
  const position = positionOf(query);
  const words = searchWords(query.text ?? '');
  const found: { observation: Observation; at: Position }[] = [];
  for (const { span, sequence, receivedMs, words: said } of kept) {
    const at = { ms: sequence, id: '' };
    if (!isAfter(at, position) || receivedMs < (query.sinceMs ?? 0)) continue;
    if (!hasWords(said, words) || !hasAttributes(span, query.attributes)) continue;
    const observation = observationOf(span);
    if (observation !== undefined && matchesObservation(observation, query)) found.push({ observation, at });
  }
  const newest = found.toSorted((a, b) => comparePositions(a.at, b.at)).slice(0, limit + 1);
  const page = pageOf(newest, limit, ({ at }) => at);
  return { ...page, items: page.items.map(({ observation }) => observation) };
}

/** True when each word begins one that was said. */
export function hasWords(said: ReadonlySet<string>, words: readonly string[]): boolean {
  return words.every((word) => said.has(word) || [...said].some((one) => one.startsWith(word)));
}
