/** Compares what was read of an emitter's spans with what was really said. */
import { isDeepStrictEqual, inspect } from 'node:util';
import { lacks } from './expectations.js';
import {
  ANSWER,
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

const BUCKETS = {
  input: USAGE.input - USAGE.cacheRead,
  cacheRead: USAGE.cacheRead,
  cacheWrite: 0,
  output: USAGE.output - USAGE.reasoning,
  reasoning: USAGE.reasoning,
};

/**
 * The faults of one call, as texts. `reading` has the session's record and the observations of the call's traces, in order of
 * their start.
 */
export function faultsOf(expectation, call, reading) {
  const faults = [];
  const hold = (what, actual, expected) => {
    if (!isDeepStrictEqual(actual, expected))
      faults.push(`${what}: expected ${show(expected)}, read ${show(actual)}`);
  };
  const says = (fact) => !lacks(expectation, call, fact);
  const { observations, session } = reading;
  if (!says('span')) {
    hold('spans', observations.length, 0);
    return faults;
  }
  for (const observation of observations) hold('dialect', observation.dialect, expectation.dialect);
  holdCalls({ hold, says, expectation, call }, observations);
  if (call === 'tools' && expectation.agent) holdTool(hold, observations);
  holdSession(hold, says, call, session);
  return faults;
}

function holdCalls({ hold, says, expectation, call }, observations) {
  const generations = observations.filter(({ type }) => type === 'GENERATION');
  hold('model calls', generations.length, call === 'tools' ? 2 : 1);
  for (const [position, generation] of generations.entries()) {
    const where = `${call} ${position}`;
    holdModel(hold, says, where, expectation, call, generation);
    const failed = says('status of the call')
      ? generation
      : observations.find(({ status }) => status === 'error');
    hold(`${where} status`, failed?.status === 'error', call === 'error');
    const told = expectation.messagesAround ? parentOf(generation, observations) : generation;
    if (says('messages')) holdMessages(hold, says, where, call, position, told);
    if (call === 'tools' && says('tools'))
      hold(`${where} tools`, toolsOf(generation), toolsOf({ toolDefinitions: [TOOL] }));
  }
}

/** A failed call has no usage; one that belongs to no session has the implicit one of its trace. */
function holdSession(hold, says, call, session) {
  if (call !== 'error')
    hold(`${call} usage`, usageOf(session.usage), expectedUsage(says, call === 'tools' ? 2 : 1));
  if (says('session')) hold(`${call} session`, session.id, SESSION);
  else hold(`${call} session`, session.implicit, true);
  if (says('session') && says('user')) hold(`${call} user`, session.userId, USER);
}

function parentOf({ parentId, traceId }, observations) {
  return observations.find((other) => other.id === parentId && other.traceId === traceId);
}

function holdModel(hold, says, where, { provider }, call, generation) {
  const { request, response } = MODELS[provider];
  if (says('provider')) hold(`${where} provider`, generation.provider, provider);
  const asked = says('request model') || call === 'error' || !says('response model') ? request : response;
  hold(`${where} request model`, generation.requestModel, asked);
  if (call === 'error' || !says('response model')) return;
  hold(`${where} response model`, generation.responseModel ?? generation.requestModel, response);
}

/** System, question, answer and tool round trip, wherever the emitter puts the system prompt. */
function holdMessages(hold, says, where, call, position, generation) {
  const said = [
    ...(generation.systemInstructions ?? []).map((part) => ['system', plain(part)]),
    ...(generation.inputMessages ?? []).flatMap(({ role, parts }) =>
      parts.map((part) => [role, plain(part)]),
    ),
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
  ];
  // The first two are what was asked; what follows is what came of it.
  const known = says('history') ? Infinity : 2;
  hold(`${where} input`, said.slice(0, known), expected.slice(0, known));
  const answered = (generation.outputMessages ?? []).flatMap(({ role, parts }) =>
    parts.map((part) => [role, plain(part)]),
  );
  const asksForTool = call === 'tools' && position === 0;
  const answer = ['assistant', asksForTool ? { call: TOOL_CALL } : { text: ANSWER }];
  hold(`${where} output`, answered, call === 'error' || !says('answer') ? [] : [answer]);
}

function plain(part) {
  if (part.type === 'text') return { text: part.content };
  if (part.type === 'tool_call') return { call: { id: part.id, name: part.name, arguments: part.arguments } };
  if (part.type !== 'tool_call_response') return part;
  return { response: { id: part.id, response: unwrapped(part.response) } };
}

/** Anthropic's format has a list of parts where the caller may give a text; its SDK reports the list. */
function unwrapped(response) {
  const only = Array.isArray(response) && response.length === 1 ? response[0] : undefined;
  return only?.type === 'text' ? JSON.parse(only.text) : response;
}

/** Schemas are compared by what was declared: some emitters add a `$schema`. */
function toolsOf({ toolDefinitions = [] }) {
  return toolDefinitions.map(({ name, description, parameters }) => [
    name,
    description,
    Object.keys(parameters?.properties ?? {}),
    parameters?.required,
  ]);
}

function holdTool(hold, observations) {
  const tools = observations.filter(({ type }) => type === 'TOOL').map(({ tool }) => tool);
  hold('tool runs', tools.length, 1);
  const [tool] = tools;
  hold('tool', [tool?.name, tool?.arguments, tool?.result], [TOOL.name, TOOL_CALL.arguments, TOOL_RESULT]);
}

function usageOf({ input, cacheRead, cacheWrite, output, reasoning }) {
  return { input, cacheRead, cacheWrite, output, reasoning };
}

function expectedUsage(says, calls) {
  const one = { ...BUCKETS };
  if (!says('usage')) for (const bucket of Object.keys(one)) one[bucket] = 0;
  else {
    if (!says('cached')) Object.assign(one, { input: USAGE.input, cacheRead: 0 });
    if (!says('reasoning')) Object.assign(one, { output: USAGE.output, reasoning: 0 });
  }
  return Object.fromEntries(Object.entries(one).map(([bucket, tokens]) => [bucket, tokens * calls]));
}

function show(value) {
  return inspect(value, { depth: 6, breakLength: Infinity, maxStringLength: 200 });
}
