import type { ObservationType } from '../model/observation.js';
import type { ToolExecution } from '../model/tool.js';
import type { Usage } from '../model/usage.js';
import type { AttributeReader } from './attribute-reader.js';
import type { Dialect, DialectSpan, ObservationFacts } from './dialect.js';
import { createForeignDialect, withFacts } from './foreign-dialect.js';
import { present } from './present.js';
import { readGenAi } from './read-genai.js';
import { CLAUDE_CODE_SAMPLES } from './samples/claude-code-samples.js';

/**
 * Claude Code's traces: an interaction, with requests to the model and tools below it. Attributes have no prefix, and the
 * counts of tokens stand beside each other.
 * @see https://code.claude.com/docs/en/monitoring-usage
 */
export const claudeCodeDialect: Dialect = createForeignDialect(
  'claude-code',
  CLAUDE_CODE_SAMPLES,
  readClaudeCode,
);

const PREFIX = 'claude_code.';
const TYPES: Readonly<Record<string, ObservationType>> = {
  interaction: 'AGENT',
  llm_request: 'GENERATION',
  tool: 'TOOL',
  'tool.execution': 'SPAN',
  'tool.blocked_on_user': 'SPAN',
  hook: 'SPAN',
};

function readClaudeCode(span: DialectSpan, reader: AttributeReader): ObservationFacts {
  const { tool, ...base } = readGenAi(span, reader);
  const kind = kindOf(span);
  const type = (Object.hasOwn(TYPES, kind) ? TYPES[kind] : undefined) ?? base.type;
  reader.text('span.type');
  const facts = withFacts(base, {
    type,
    errorType: base.errorType ?? reader.text('error_type'),
    timeToFirstChunkMs: base.timeToFirstChunkMs ?? reader.number('ttft_ms'),
    status: reader.flag('success') === false ? 'error' : undefined,
    statusMessage: reader.text('error'),
  });
  if (type === 'GENERATION') return readRequest(facts, reader);
  if (type === 'TOOL') return withFacts(facts, { tool: readTool(tool, span, reader) });
  return withFacts(facts, {
    input: facts.input ?? reader.text('user_prompt'),
    tool,
  });
}

/** `claude_code.tool.execution` → `tool.execution`; spans that are renamed still say their type. */
function kindOf(span: DialectSpan): string {
  const said = span.attributes['span.type'];
  if (span.name.startsWith(PREFIX)) return span.name.slice(PREFIX.length);
  return typeof said === 'string' ? said : '';
}

function readRequest(facts: ObservationFacts, reader: AttributeReader): ObservationFacts {
  const model = reader.text('model');
  const stop = reader.text('stop_reason');
  const usage = readCounts(reader);
  return withFacts(facts, {
    operation: facts.operation ?? 'chat',
    provider: facts.provider ?? 'anthropic',
    requestModel: facts.requestModel ?? model,
    responseId: facts.responseId ?? reader.text('request_id'),
    finishReasons: facts.finishReasons ?? (stop === undefined ? undefined : [stop]),
    usage: usage ?? facts.usage,
  });
}

/** The input leaves the cached tokens out. */
function readCounts(reader: AttributeReader): Usage | undefined {
  const usage = present<Usage>({
    input: countOf(reader, 'input_tokens'),
    cacheRead: countOf(reader, 'cache_read_tokens'),
    cacheWrite: countOf(reader, 'cache_creation_tokens'),
    output: countOf(reader, 'output_tokens'),
    reasoning: undefined,
    reported: undefined,
  });
  return Object.keys(usage).length === 0 ? undefined : usage;
}

function countOf(reader: AttributeReader, key: string): number | undefined {
  const count = reader.number(key);
  return count !== undefined && count >= 0 ? count : undefined;
}

function readTool(
  tool: ToolExecution | undefined,
  span: DialectSpan,
  reader: AttributeReader,
): ToolExecution {
  return present<ToolExecution>({
    ...tool,
    name: reader.text('tool_name') ?? tool?.name ?? span.name,
    callId: tool?.callId ?? reader.text('gen_ai.tool.call.id') ?? reader.text('tool_use_id'),
    arguments: tool?.arguments ?? reader.json('tool_input') ?? reader.text('full_command'),
    result: tool?.result ?? outputOf(span),
  });
}

/** With content on, what a tool gave back is an event of its span. It stays one, too. */
function outputOf(span: DialectSpan): string | undefined {
  const output = span.events.findLast((event) => event.name === 'tool.output')?.attributes['output'];
  return typeof output === 'string' ? output : undefined;
}
