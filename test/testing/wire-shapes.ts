import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a message looks like: `path:type` for each of its values, with array positions left out. */
export type Shape = ReadonlySet<string>;

export interface Recording {
  readonly id: string;
  readonly status: number;
  readonly request: { readonly method: string; readonly path: string; readonly body: unknown };
  readonly response: { readonly json?: unknown; readonly text?: string };
}

/** One event of a stream: its kind, and its shape. */
export interface ShapedEvent {
  readonly kind: string;
  readonly shape: Shape;
}

export function readRecordings(corpus: string, provider: string): Recording[] {
  const lines = readFileSync(join(corpus, 'recordings', `${provider}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line): Recording => JSON.parse(line));
}

/** Values whose inside belongs to the caller, not to the format. */
const FREE = /(^|\.)(input|metadata|parameters|schema|tools|tool_choice|format|prompt_cache_key)(\[\])?$/;

export function shapeOf(value: unknown): Shape {
  const paths = new Set<string>();
  walk(value, '', paths);
  return paths;
}

function walk(value: unknown, path: string, paths: Set<string>): void {
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  if (path !== '') paths.add(`${path}:${type}`);
  if (typeof value !== 'object' || value === null || FREE.test(path)) return;
  if (Array.isArray(value)) {
    for (const item of value) walk(item, tagged(`${path}[]`, item), paths);
    return;
  }
  for (const [key, item] of Object.entries(value)) walk(item, path === '' ? key : `${path}.${key}`, paths);
}

/** Blocks and items of different types have shapes of their own. */
function tagged(path: string, item: unknown): string {
  return typeof item === 'object' && item !== null && 'type' in item ? `${path}<${String(item.type)}>` : path;
}

/** Server-sent events, by the name that the format itself gives them. */
export function eventsOf(text: string): ShapedEvent[] {
  return text
    .replaceAll('\r\n', '\n')
    .split('\n\n')
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const name = /^event: ?(.*)$/m.exec(block)?.[1];
      const data = /^data: ?(.*)$/m.exec(block)?.[1] ?? '';
      if (data === '[DONE]') return { kind: 'done', shape: new Set<string>() };
      const value: unknown = JSON.parse(data);
      return { kind: kindOf(name, value), shape: shapeOf(value) };
    });
}

interface Chunk {
  readonly type?: string;
  readonly choices?: readonly {
    readonly delta?: Record<string, unknown>;
    readonly finish_reason?: unknown;
  }[];
  readonly delta?: { readonly type?: string };
  readonly content_block?: { readonly type?: string };
  readonly item?: { readonly type?: string };
}

function kindOf(name: string | undefined, value: unknown): string {
  const chunk: Chunk = typeof value === 'object' && value !== null ? value : {};
  return name === undefined ? chunkKind(chunk) : eventKind(name, chunk);
}

function eventKind(name: string, chunk: Chunk): string {
  if (chunk.type !== name && chunk.type !== undefined) throw new Error(`event ${name} says ${chunk.type}`);
  const delta = name.endsWith('block_delta') ? chunk.delta?.type : undefined;
  const of = chunk.content_block?.type ?? chunk.item?.type ?? delta;
  return of === undefined ? name : `${name}<${of}>`;
}

function chunkKind(chunk: Chunk): string {
  const [choice] = chunk.choices ?? [];
  if (choice === undefined) return 'usage';
  if (choice.finish_reason) return 'finish';
  if (choice.delta === undefined) return 'text';
  if ('role' in choice.delta) return 'role';
  if ('tool_calls' in choice.delta) {
    return JSON.stringify(choice.delta['tool_calls']).includes('"id"') ? 'call' : 'arguments';
  }
  return Object.keys(choice.delta).join('+');
}

/** Each event with the one after it, `start` and `end` included: what the grammar of a stream allows. */
export function followers(events: readonly ShapedEvent[]): Set<string> {
  // Which kind of item follows which is up to the model, not to the format.
  const names = events.map(({ kind }) =>
    kind.startsWith('response.output_item') ? kind.split('<')[0] : kind,
  );
  const kinds = ['start', ...names, 'end'];
  return new Set(kinds.slice(1).map((kind, at) => `${kinds[at]} > ${kind}`));
}

export function union(sets: readonly ReadonlySet<string>[]): Set<string> {
  return new Set(sets.flatMap((set) => [...set]));
}

/**
 * What every recording has: as they are of many ages, the keys that cannot be left out. Keys of a type of item that `said`
 * does not contain are not asked for.
 */
export function requiredOf(recorded: readonly Shape[], said: Shape): Set<string> {
  const [first, ...rest] = recorded;
  return new Set(
    [...(first ?? [])].filter((entry) => {
      const item = /^.*<\w+>/.exec(entry)?.[0];
      return rest.every((shape) => shape.has(entry)) && (item === undefined || said.has(`${item}:object`));
    }),
  );
}

export function missingFrom(all: ReadonlySet<string>, wanted: ReadonlySet<string>): string[] {
  return [...wanted].filter((entry) => !all.has(entry)).toSorted();
}
