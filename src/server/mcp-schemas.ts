import * as z from 'zod';
import { OBSERVATION_TYPES } from '../../semconv/model/observation.js';

const text = z.string().min(1).max(1_024);
const limit = z.int().min(1).max(100).optional().describe('How many. Default 20.');
const cursor = z.string().min(1).optional().describe('`nextCursor` of the page before.');
const status = z.enum(['unset', 'ok', 'error']).optional();
const since = text.optional().describe('Such as 90m, 2h, 7d, or an ISO 8601 time.');

export type McpToolName =
  | 'list_sessions'
  | 'show_session'
  | 'search_observations'
  | 'show_observation'
  | 'list_scores'
  | 'run_sql';

/** What each tool of `spoor mcp` does and takes. */
export const MCP_TOOLS: Readonly<Record<McpToolName, { description: string; inputSchema: z.ZodObject }>> = {
  list_sessions: {
    description: 'Lists runs of AI agents that were traced, the one that changed last first.',
    inputSchema: z.object({
      text: text.optional().describe('Words in names, tasks and messages.'),
      status,
      agent: text.optional(),
      user: text.optional(),
      tag: text.optional(),
      since,
      limit,
      cursor,
    }),
  },
  show_session: {
    description:
      'Shows one run as a tree: its steps, model calls, tool calls, errors, tokens and messages. Takes an id, the start of one, or `latest`.',
    inputSchema: z.object({ session: text }),
  },
  search_observations: {
    description:
      'Finds model calls, tool calls and other work by words, attributes and facts, the newest first.',
    inputSchema: z.object({
      text: text.optional(),
      attributes: z.record(z.string(), z.string()).optional().describe('Span attributes as received.'),
      session: text.optional(),
      type: z.enum(OBSERVATION_TYPES).optional(),
      name: text.optional(),
      model: text.optional(),
      status,
      since,
      limit,
      cursor,
    }),
  },
  show_observation: {
    description: 'Shows one observation whole, with its messages, arguments and results.',
    inputSchema: z.object({ traceId: text, spanId: text }),
  },
  list_scores: {
    description: 'Lists judgements on runs, the newest first.',
    inputSchema: z.object({
      session: text.optional(),
      name: text.optional(),
      source: text.optional(),
      limit,
      cursor,
    }),
  },
  run_sql: {
    description:
      'Runs one SQLite SELECT over the views sessions, steps, observations, scores, traces, spans and logs. `SELECT * FROM sessions LIMIT 1` shows the columns. Times are milliseconds since the epoch.',
    inputSchema: z.object({
      sql: z.string().min(1),
      params: z.array(z.union([z.string(), z.number(), z.null()])).optional(),
      limit: z.int().min(1).max(1_000).optional(),
    }),
  },
};
