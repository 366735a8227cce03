import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../semconv/model/json.js';
import type { ScriptedUsage, Turn } from '../script.js';

/** One server-sent event. */
export interface Frame {
  readonly event?: string;
  readonly data: string;
}

/** What an endpoint needs beside the turn. */
export interface ReplyContext {
  readonly body: JsonObject;
  readonly model: string;
  /** Seconds since the Unix epoch, from the counter. */
  readonly created: number;
  /** Makes ids that depend only on the seed, the turn and their order. */
  readonly id: (prefix: string, length: number) => string;
}

/** One call of a provider's API: how a turn is said at once, and in pieces. */
export interface Endpoint {
  json(turn: Turn, context: ReplyContext): JsonObject;
  frames?(turn: Turn, context: ReplyContext): Frame[];
  /** Between the lines of a stream; a line feed by default. */
  readonly lineEnd?: string;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A counter of ids that look like a provider's and are the same in every run. */
export function createIds(seed: string): (prefix: string, length: number) => string {
  let count = 0;
  return (prefix, length) => {
    count += 1;
    return prefix + letters(`${seed}:${count}`, length);
  };
}

function letters(source: string, length: number): string {
  let text = '';
  for (let block = 0; text.length < length; block += 1) {
    for (const byte of createHash('sha256').update(`${source}:${block}`).digest()) {
      text += LETTERS[byte % LETTERS.length];
    }
  }
  return text.slice(0, length);
}

/** Cuts text as a tokenizer would: a word with the blanks before it, long words in two. */
export function textPieces(text: string): string[] {
  return text.match(/\s*\S{1,9}|\s+$/gu) ?? [];
}

/** Cuts the JSON of tool arguments into short pieces that respect no syntax. */
export function argumentPieces(json: string): string[] {
  return json.match(/[\s\S]{1,8}/gu) ?? [];
}

/** Tool arguments as the text that goes over the wire. */
export function argumentText(value: JsonObject | string): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The usage of a turn, with what it leaves out estimated at four characters a token. */
export function turnUsage(turn: Turn, body: JsonObject): Required<ScriptedUsage> {
  const { usage = {} } = turn;
  const said = [turn, ...(turn.alternatives ?? [])].map(
    (choice) =>
      (choice.text ?? '') +
      (choice.refusal ?? '') +
      (choice.toolCalls ?? []).map((call) => call.name + argumentText(call.arguments)).join(''),
  );
  const reasoning = usage.reasoning ?? tokens(turn.reasoning ?? '');
  const asked = body['messages'] ?? body['input'] ?? body['prompt'] ?? '';
  return {
    input: usage.input ?? tokens(typeof asked === 'string' ? asked : JSON.stringify(asked)),
    output: usage.output ?? reasoning + tokens(said.join('')),
    cacheRead: usage.cacheRead ?? 0,
    cacheWrite: usage.cacheWrite ?? 0,
    reasoning,
  };
}

function tokens(text: string): number {
  return Math.ceil(text.length / 4);
}
