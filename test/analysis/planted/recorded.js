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
  const add = (id, tool, args) => {
    const call = { tool: String(tool), args: parsed(args), result: undefined };
    calls.push(call);
    if (id !== undefined) byId.set(id, call);
  };
  const answer = (id, result) => {
    const call = byId.get(id) ?? calls.find((one) => one.result === undefined);
    if (call !== undefined) call.result = parsed(result);
  };
  for (const item of items) {
    for (const call of item?.tool_calls ?? []) add(call.id, call.function?.name, call.function?.arguments);
    if (item?.type === 'function_call') add(item.call_id, item.name, item.arguments);
    if (item?.type === 'function_call_output') answer(item.call_id, item.output);
    if (item?.role === 'tool') answer(item.tool_call_id, item.content);
    const parts = Array.isArray(item?.content) ? item.content : (item?.parts ?? []);
    for (const part of parts) {
      if (part?.type === 'tool_use') add(part.id, part.name, part.input);
      if (part?.type === 'tool_result') answer(part.tool_use_id, part.content);
      if (part?.functionCall) add(part.functionCall.id, part.functionCall.name, part.functionCall.args);
      if (part?.functionResponse) answer(part.functionResponse.id, part.functionResponse.response);
      if (part?.toolUse) add(part.toolUse.toolUseId, part.toolUse.name, part.toolUse.input);
      if (part?.toolResult) answer(part.toolResult.toolUseId, part.toolResult.content);
    }
  }
  return calls;
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
