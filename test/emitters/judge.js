/** Compares what was read of an emitter's spans with what was really said, field by field. */
import { isDeepStrictEqual, inspect } from 'node:util';
import { lacks } from './expectations.js';
import {
  ANSWER,
  EMBEDDING_USAGE,
  MODELS,
  questionOf,
  SESSION,
  SYSTEM,
  TOOL,
  TOOL_CALL,
  TOOL_RESULT,
  USAGE,
  USER,
} from './truth.js';

/** The columns of the table. `lacks` of an emitter names them. */
export const FIELDS = [
  'question',
  'answer',
  'tools',
  'tool run',
  'request model',
  'response model',
  'provider',
  'usage',
  'cached',
  'reasoning',
  'finish reason',
  'failure',
  'embedding',
  'session',
  'user',
];

const BUCKETS = {
  input: USAGE.input - USAGE.cacheRead,
  cacheRead: USAGE.cacheRead,
  cacheWrite: 0,
  output: USAGE.output - USAGE.reasoning,
  reasoning: USAGE.reasoning,
};
const NO_USAGE = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 };
/** The words that providers and libraries have for the two ways in which the calls of the truth end. */
const FINISHED = { stop: 'stop', end_turn: 'stop' };
const CALLED = { tool_calls: 'tool', 'tool-calls': 'tool', tool_call: 'tool', tool_use: 'tool' };

/**
 * What came of one call: for each field that the call has, its faults, or `undefined` where the emitter does not say it.
 * `reading` has the session's record and the observations of the call's traces, in order of their start.
 */
export function judgeCall(expectation, call, reading) {
  const fields = {};
  const says = (fact) => !lacks(expectation, call, fact);
  const hold = (field, where, actual, expected) => {
    const faults = (fields[field] ??= []);
    // What was decoded has no prototypes.
    if (!isDeepStrictEqual(structuredClone(actual), expected))
      faults.push(`${call}, ${field}, ${where}: expected ${show(expected)}, read ${show(actual)}`);
  };
  const { observations } = reading;
  if (!says('span')) {
    hold('spans', 'of the call', observations.length, 0);
    return fields;
  }
  hold('spans', 'that were read', observations.length > 0, true);
  for (const { name, type, dialect } of observations) {
    const isPlain = expectation.plainTypes?.includes(type) && dialect === 'plain';
    hold('dialect', name, isPlain ? expectation.dialect : dialect, expectation.dialect);
  }
  const judge = { hold, says, expectation, call, reading };
  if (call === 'embed') judgeEmbedding(judge);
  else {
    judgeGenerations(judge);
    if (call === 'tools' && expectation.agent) judgeToolRun(judge);
  }
  judgeSession(judge);
  for (const field of FIELDS)
    if (Object.hasOwn(fields, field) && !says(field) && fields[field].length === 0) fields[field] = undefined;
  return fields;
}

function judgeEmbedding({ hold, says, reading }) {
  const embeddings = reading.observations.filter(({ type }) => type === 'EMBEDDING');
  const calls = embeddings.filter(({ id }) => !embeddings.some(({ parentId }) => parentId === id));
  hold('embedding', 'calls', calls.length, says('embedding') ? 1 : 0);
  if (!says('embedding')) return;
  const [call] = calls;
  if (says('embedding model')) hold('embedding', 'model', call?.requestModel, MODELS.embeddings.request);
  const input = says('embedding usage') ? EMBEDDING_USAGE.input : 0;
  hold('embedding', 'usage', bucketsOf(reading.session.usage), { ...NO_USAGE, input });
}

function judgeGenerations(judge) {
  const { hold, expectation, call, reading } = judge;
  const generations = reading.observations.filter(({ type }) => type === 'GENERATION');
  const calls = call === 'tools' ? 2 : 1;
  const isApart = expectation.apart?.includes(call) === true;
  hold('spans', 'model calls', generations.length, calls + (isApart ? 1 : 0));
  for (const [position, generation] of generations.entries()) {
    const at = { ...judge, position, where: `call ${position + 1}` };
    const isQuestion = !isApart || position === 0;
    const isAnswer = !isApart || position === 1;
    judgeModel(at, generation, isAnswer);
    const told = expectation.messagesAround
      ? reading.observations.find(
          ({ id, traceId }) => id === generation.parentId && traceId === generation.traceId,
        )
      : generation;
    judgeQuestion(at, told);
    judgeAnswer(at, isAnswer ? told : undefined, isAnswer);
    if (isAnswer) judgeEnd(at, generation);
    if (call === 'tools') judgeTools(at, generation);
    if (isQuestion) judgeFailure(at, generation);
  }
  if (call !== 'error') judgeUsage(judge, calls);
}

function judgeUsage({ hold, says, reading }, calls) {
  const usage = {};
  for (const [bucket, tokens] of Object.entries(expectedUsage(says))) usage[bucket] = tokens * calls;
  const read = bucketsOf(reading.session.usage);
  for (const field of ['usage', 'cached', 'reasoning']) hold(field, 'tokens of the session', read, usage);
}

function judgeModel({ hold, says, expectation, call, where }, generation, isAnswer) {
  const { provider } = expectation;
  const { request, response } = MODELS[provider];
  hold(
    'provider',
    where,
    generation.provider,
    says('provider') ? (expectation.vendor ?? provider) : undefined,
  );
  const asked = says('request model') || call === 'error' || !says('response model') ? request : response;
  hold('request model', where, generation.requestModel, asked);
  if (call === 'error' || !isAnswer) return;
  const answered = says('response model') ? response : (generation.requestModel ?? request);
  hold('response model', where, generation.responseModel ?? generation.requestModel, answered);
}

/** System, question and tool round trip, wherever the emitter puts the system prompt. */
function judgeQuestion({ hold, says, call, where, position }, generation) {
  const said = [
    ...(generation?.systemInstructions ?? []).map((part) => ['system', plain(part)]),
    ...partsOf(generation?.inputMessages),
  ].map(([role, part]) => [part.response === undefined ? role : 'tool', part]);
  const expected = [
    ['system', { text: SYSTEM }],
    ['user', { text: questionOf(call) }],
    ...(call === 'tools' && position === 1
      ? [
          ['assistant', { call: TOOL_CALL }],
          ['tool', { response: { id: TOOL_CALL.id, response: TOOL_RESULT } }],
        ]
      : []),
  ].filter(([role]) => role !== 'system' || says('system'));
  // The first two are what was asked; what follows is what came of it.
  const known = says('history') ? Infinity : 2;
  hold('question', where, said.slice(0, known), says('question') ? expected.slice(0, known) : []);
}

function judgeAnswer({ hold, says, call, where, position }, generation, isAnswer) {
  const asksForTool = call === 'tools' && position === 0;
  const answer = ['assistant', asksForTool ? { call: TOOL_CALL } : { text: ANSWER }];
  const expected = call === 'error' || !says('answer') || !isAnswer ? [] : [answer];
  hold('answer', where, partsOf(generation?.outputMessages), expected);
}

function judgeEnd({ hold, says, call, where, position }, generation) {
  if (call === 'error') return;
  const asksForTool = call === 'tools' && position === 0 && says('finish reason of a tool call');
  const words = asksForTool ? CALLED : FINISHED;
  const read = (generation.finishReasons ?? []).map((reason) => words[reason] ?? reason);
  hold('finish reason', where, read, says('finish reason') ? [asksForTool ? 'tool' : 'stop'] : []);
}

function declared({ name, description, parameters }) {
  return [name, description, Object.keys(parameters?.properties ?? {}), parameters?.required];
}

/** Schemas are compared by what was declared: some emitters add a `$schema`, or what the language calls a number. */
function judgeTools({ hold, says, where }, { toolDefinitions = [] }) {
  hold('tools', where, toolDefinitions.map(declared), says('tools') ? [declared(TOOL)] : []);
}

function judgeToolRun({ hold, says, reading }) {
  const tools = reading.observations.filter(({ type }) => type === 'TOOL').map(({ tool }) => tool);
  const run = [TOOL.name, TOOL_CALL.arguments, TOOL_RESULT];
  const read = tools.map((tool) => [tool?.name, parsed(tool?.arguments), parsed(tool?.result)]);
  hold('tool run', 'runs', read, says('tool run') ? [run] : []);
}

function judgeFailure({ hold, says, call, where, reading }, generation) {
  const failed = says('failure of the call')
    ? generation
    : reading.observations.find(({ status }) => status === 'error');
  const field = call === 'error' ? 'failure' : 'spans';
  hold(field, `${where} failed`, failed?.status === 'error', call === 'error' && says('failure'));
}

/** A call that belongs to no session has the implicit one of its trace. */
function judgeSession({ hold, says, reading }) {
  const { session } = reading;
  if (says('session')) hold('session', 'id', session.id, SESSION);
  else hold('session', 'is implicit', session.implicit, true);
  hold('user', 'id', session.userId, says('user') ? USER : undefined);
}

function partsOf(messages = []) {
  return messages.flatMap(({ role, parts }) => parts.map((part) => [role, plain(part)]));
}

function plain(part) {
  if (part.type === 'text') return { text: part.content };
  if (part.type === 'tool_call')
    return { call: { id: part.id, name: part.name, arguments: parsed(part.arguments) } };
  if (part.type !== 'tool_call_response') return part;
  return { response: { id: part.id, response: unwrapped(part.response) } };
}

/** Anthropic's format has a list of parts where the caller may give a text; its SDK reports the list. */
function unwrapped(response) {
  const only = Array.isArray(response) && response.length === 1 ? response[0] : undefined;
  return parsed(only?.type === 'text' ? (only.text ?? only.content) : response);
}

/** The tool of the truth answers with JSON: some libraries have it as text, as it went to the model. */
function parsed(value) {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function bucketsOf({ input, cacheRead, cacheWrite, output, reasoning }) {
  return { input, cacheRead, cacheWrite, output, reasoning };
}

function expectedUsage(says) {
  if (!says('usage')) return NO_USAGE;
  return {
    ...BUCKETS,
    ...(says('cached') ? {} : { input: USAGE.input, cacheRead: 0 }),
    ...(says('reasoning') ? {} : { output: USAGE.output, reasoning: 0 }),
  };
}

function show(value) {
  return inspect(value, { depth: 6, breakLength: Infinity, maxStringLength: 200 });
}
