import type { McpToolName } from '../server/mcp-schemas.js';
import { SpoorError } from '../shared/errors.js';
import { findSession } from './find-session.js';
import { readTime } from './read-time.js';
import { renderSession } from './render-session.js';
import { toSafeJson } from './safe-text.js';
import type { TrailSource } from './trail-source.js';

/** What a tool was called with, as its schema let it through. */
export type McpArguments = { readonly [name: string]: unknown };
type Run = (source: TrailSource, given: McpArguments) => Promise<string>;

const DEFAULT_LIMIT = 20;
const COLUMNS = 160;
/** An answer goes into the context of a model: more than this helps nobody. */
const MAX_LENGTH = 100_000;

/** What each tool does: the text that goes back. */
const RUNS: Readonly<Record<McpToolName, Run>> = {
  list_sessions: async (source, given) => toSafeJson(await source.sessions(queryOf(given))),
  async show_session(source, { session }) {
    const found = await findSession(source, String(session));
    const logs = await source.logs(found.session.id);
    return renderSession(found, { columns: COLUMNS, isColoured: false }, logs);
  },
  search_observations: async (source, given) => toSafeJson(await source.search(queryOf(given))),
  async show_observation(source, { traceId, spanId }) {
    const found = await source.observation(String(traceId), String(spanId));
    if (found === undefined) throw new SpoorError('SPOOR_NOT_FOUND', 'There is no such observation.');
    return toSafeJson(found);
  },
  list_scores: async (source, given) => toSafeJson(await source.scores(queryOf(given))),
  run_sql: async (source, given) => toSafeJson(await source.sql({ sql: '', ...given })),
};

/** Runs a tool; an error is text too, because a model can act on it. */
export async function runMcpTool(
  source: TrailSource,
  name: McpToolName,
  given: McpArguments,
): Promise<{ content: { type: 'text'; text: string }[]; isError?: true }> {
  try {
    const text = await RUNS[name](source, given);
    const isWhole = text.length <= MAX_LENGTH;
    const shown = isWhole ? text : `${text.slice(0, MAX_LENGTH)}\n(cut: ask for less)`;
    return { content: [{ type: 'text', text: shown }] };
  } catch (error) {
    if (!(error instanceof SpoorError)) throw error;
    return { content: [{ type: 'text', text: `${error.code}: ${error.message}` }], isError: true };
  }
}

/** The names that a model knows → those of a query. */
function queryOf({ session, since, limit = DEFAULT_LIMIT, ...rest }: McpArguments): object {
  return {
    ...rest,
    limit,
    ...(session === undefined ? {} : { sessionId: session }),
    ...(typeof since === 'string' ? { sinceMs: readTime('since', since, Date.now()) } : {}),
  };
}
