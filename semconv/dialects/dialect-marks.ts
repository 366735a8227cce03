import { ATTR_MCP_METHOD_NAME } from '../attributes.js';
import { SCOPE_INSTRUMENTATION_PREFIX, SCOPE_SPOOR } from '../spoor-attributes.js';
import type { DialectSpan } from './dialect.js';

/** By what a dialect is known. Marks that end in `.`, `:` or `/` are beginnings, others are whole names. */
interface Marks {
  readonly dialect: string;
  readonly scopes?: readonly string[];
  readonly attributes?: readonly string[];
}

/**
 * One row a dialect. A span may bear the marks of several, because processors of one library stamp the spans of another, and
 * most speak `gen_ai.*` beside their own words: the first row that fits is the one that says most about the span.
 */
const ROWS: readonly Marks[] = [
  { dialect: 'spoor', scopes: [SCOPE_SPOOR, SCOPE_INSTRUMENTATION_PREFIX] },
  { dialect: 'langfuse', scopes: ['langfuse-sdk'], attributes: ['langfuse.observation.'] },
  {
    dialect: 'openinference',
    scopes: ['@arizeai/', 'openinference.instrumentation.'],
    attributes: ['openinference.', 'llm.input_messages.', 'llm.output_messages.', 'llm.token_count.'],
  },
  { dialect: 'langsmith', scopes: ['langsmith'], attributes: ['langsmith.'] },
  { dialect: 'mastra', scopes: ['@mastra/'], attributes: ['mastra.'] },
  {
    dialect: 'claude-code',
    scopes: ['com.anthropic.claude_code', 'com.anthropic.claude_code.'],
    attributes: ['claude_code.'],
  },
  {
    dialect: 'vercel-ai',
    scopes: ['ai', 'gen_ai'],
    attributes: [
      'ai.operationId',
      'ai.model.',
      'ai.prompt',
      'ai.prompt.',
      'ai.toolCall.',
      'ai.usage.',
      'ai.settings.',
    ],
  },
  { dialect: 'genkit', scopes: ['genkit-tracer'], attributes: ['genkit:'] },
  { dialect: 'mlflow', scopes: ['mlflow', 'mlflow.'], attributes: ['mlflow.'] },
  {
    dialect: 'logfire',
    // Its SDK puts `logfire.*` on spans of every kind: those keys say nothing of what a span is about.
    scopes: ['pydantic-ai', 'logfire', 'logfire.'],
    attributes: ['pydantic_ai.'],
  },
  {
    dialect: 'openllmetry',
    scopes: ['@traceloop/', 'traceloop.'],
    attributes: [
      'traceloop.',
      'gen_ai.prompt.0.',
      'gen_ai.completion.0.',
      'llm.prompts.',
      'llm.completions.',
      'llm.request.type',
      'llm.request.functions.',
      'llm.usage.total_tokens',
      'llm.is_streaming',
    ],
  },
  { dialect: 'anthropic-sdk', scopes: ['com.anthropic.sdk.', 'com.anthropic.claude-platform'] },
  { dialect: 'otel-genai', attributes: ['gen_ai.', ATTR_MCP_METHOD_NAME] },
];

const GENAI_EVENT = 'gen_ai.';
const OTEL_GENAI = ROWS.length - 1;
const PREFIX = /[.:/]$/;

interface Index {
  /** Whole name → row. */
  readonly whole: ReadonlyMap<string, number>;
  /** First word of a beginning → beginnings and their rows. */
  readonly beginnings: ReadonlyMap<string, readonly [string, number][]>;
}

const SCOPES = indexOf((row) => row.scopes);
const ATTRIBUTES = indexOf((row) => row.attributes);

/** The name of the dialect that a span is written in; undefined when it bears no dialect's mark. */
export function dialectNameOf(span: DialectSpan): string | undefined {
  let row = find(SCOPES, span.scope.name);
  if (row === 0) return ROWS[0]?.dialect;
  for (const key in span.attributes) row = Math.min(row, find(ATTRIBUTES, key));
  if (row === Infinity && span.events.some((event) => event.name.startsWith(GENAI_EVENT))) row = OTEL_GENAI;
  return ROWS[row]?.dialect;
}

function indexOf(pick: (row: Marks) => readonly string[] | undefined): Index {
  const whole = new Map<string, number>();
  const beginnings = new Map<string, [string, number][]>();
  for (const [position, row] of ROWS.entries()) {
    for (const mark of pick(row) ?? []) {
      if (!PREFIX.test(mark)) whole.set(mark, position);
      else {
        const word = firstWord(mark);
        const known = beginnings.get(word);
        if (known === undefined) beginnings.set(word, [[mark, position]]);
        else known.push([mark, position]);
      }
    }
  }
  return { whole, beginnings };
}

function find({ whole, beginnings }: Index, name: string): number {
  let row = whole.get(name) ?? Infinity;
  for (const [beginning, position] of beginnings.get(firstWord(name)) ?? [])
    if (position < row && name.startsWith(beginning)) row = position;
  return row;
}

/** What stands before the first `.`, `:` or `/`. */
function firstWord(name: string): string {
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at);
    if (code === 46 || code === 58 || code === 47) return name.slice(0, at);
  }
  return name;
}
