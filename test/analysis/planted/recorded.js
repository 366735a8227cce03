import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findStuck } from '../../../dist/src/analysis/stuck/find-stuck.js';
import { canonicalText } from '../../../dist/src/shared/stuck/canonical-text.js';
import { toRecords } from './trajectory.js';

/**
 * Conversations in which tools were called, out of recorded requests: the longest request of each conversation holds all of its
 * calls with their results. Undefined when the folder holds none.
 */
export function readRecorded(folder) {
  if (folder === undefined || !existsSync(join(folder, 'recordings'))) return undefined;
  const conversations = new Map();
  for (const file of readdirSync(join(folder, 'recordings')).filter((name) => name.endsWith('.jsonl'))) {
    for (const line of readFileSync(join(folder, 'recordings', file), 'utf8').split('\n')) {
      if (line === '') continue;
      const { source, request } = JSON.parse(line);
      const calls = callsOf(request.body);
      const asked = askedText(request.body);
      const key = source.replace(/#\d+$/, '');
      if (calls.length > (conversations.get(key)?.calls.length ?? 0))
        conversations.set(key, { asked, calls });
    }
  }
  const lists = [...conversations.values()];
  return { pool: withOwnStates(lists.map(toMoves)), untouched: judgeUntouched(conversations) };
}

/** What the user said first. */
function askedText(body) {
  const items = [body?.messages, body?.input, body?.contents].find(Array.isArray) ?? [];
  const first = items.find((item) => item?.role === 'user');
  const said = first?.content ?? first?.parts ?? '';
  return typeof said === 'string' ? said : said.map((part) => part?.text ?? '').join(' ');
}

/** Calls in order, each with its result. */
function callsOf(body) {
  const items = [body?.messages, body?.input, body?.contents].find(Array.isArray) ?? [];
  const calls = [];
  const byId = new Map();
  const add = ([id, tool, args]) => {
    const call = { tool: String(tool), args: parsed(args), result: undefined };
    calls.push(call);
    if (id !== undefined) byId.set(id, call);
  };
  const answer = ([id, result]) => {
    const call = byId.get(id) ?? calls.find((one) => one.result === undefined);
    if (call !== undefined) call.result = parsed(result);
  };
  for (const item of items.filter((one) => typeof one === 'object' && one !== null)) {
    const parts = Array.isArray(item.content) ? item.content : (item.parts ?? []);
    for (const part of [item, ...parts.filter((one) => typeof one === 'object' && one !== null)]) {
      for (const asked of askedIn(part)) add(asked);
      for (const answered of answeredIn(part)) answer(answered);
    }
  }
  return calls;
}

/** What a message, or a part of one, asks for: id, name and arguments, in the forms of several providers. */
function askedIn(part) {
  const found = (part.tool_calls ?? []).map((call) => [
    call.id,
    call.function?.name,
    call.function?.arguments,
  ]);
  if (part.type === 'function_call') found.push([part.call_id, part.name, part.arguments]);
  if (part.type === 'tool_use') found.push([part.id, part.name, part.input]);
  const { functionCall, toolUse } = part;
  if (functionCall) found.push([functionCall.id, functionCall.name, functionCall.args]);
  if (toolUse) found.push([toolUse.toolUseId, toolUse.name, toolUse.input]);
  return found;
}

function answeredIn(part) {
  const found = [];
  if (part.type === 'function_call_output') found.push([part.call_id, part.output]);
  if (part.role === 'tool') found.push([part.tool_call_id, part.content]);
  if (part.type === 'tool_result') found.push([part.tool_use_id, part.content]);
  const { functionResponse, toolResult } = part;
  if (functionResponse) found.push([functionResponse.id, functionResponse.response]);
  if (toolResult) found.push([toolResult.toolUseId, toolResult.content]);
  return found;
}

function parsed(text) {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What the agent knew is its state: the question, then the result before. */
function toMoves({ asked, calls }) {
  return calls.map(({ tool, args, result }, at) => ({
    state:
      at === 0
        ? `asked: ${asked.slice(0, 400)}`
        : `knows ${JSON.stringify(calls[at - 1].result ?? null).slice(0, 400)}`,
    action: `call ${tool}`,
    tool,
    args: typeof args === 'object' && args !== null ? args : { given: args ?? null },
    result: result ?? null,
  }));
}

/** Many recordings ask the same: of those that begin alike, the longest stays. */
function withOwnStates(pool) {
  const found = new Map();
  for (const moves of pool) {
    const key = canonicalText(moves[0].state, 'state');
    if (moves.length > (found.get(key)?.length ?? 0)) found.set(key, moves);
  }
  return [...found.values()];
}

/** A plain count of equal neighbours, by their text alone, is what a finding has to agree with. */
function judgeUntouched(conversations) {
  const lines = [];
  let [wrong, missed, calls] = [0, 0, 0];
  for (const [source, { calls: list }] of conversations) {
    calls += list.length;
    const texts = list.map((call) => JSON.stringify(call));
    const isRepeat = texts.some((text, at) => at > 1 && text === texts[at - 1] && text === texts[at - 2]);
    const { findings } = findStuck(toRecords('recorded', list, { basis: 'observations' }));
    if (findings.length > 0 && !isRepeat) wrong += 1;
    if (findings.length === 0 && isRepeat) missed += 1;
    for (const { summary } of findings) lines.push(`${summary} (${source})`);
  }
  return { trajectories: conversations.size, calls, wrong, missed, lines };
}
