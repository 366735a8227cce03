import type { Mask } from '../../config/options.js';
import { fitJson, type JsonLimits } from '../../shared/limits.js';
import { isPlainJson } from '../../shared/plain-json.js';
import { toReadable, type ReadableLimits } from '../../shared/readable.js';
import { maskText, maskValue } from '../mask-text.js';

/** Version of the form of a line. */
const VERSION = '1';
const BOUNDS: ReadableLimits = { depth: 32, width: 1000, nodes: 20_000 };
const DEFAULT_LENGTH = 262_144;

/** Arguments by position, by the names of their parameters, or both. */
export interface RecordedArguments {
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
}

/** One line of a recording, masked: `docs/recording.md` has the form. Runs no code of the arguments but their `toJSON`. */
export function recordedLine(
  call: { target: string; iteration: number; timestamp: string } & RecordedArguments,
  limits: JsonLimits | undefined,
  mask: Mask | undefined,
): string {
  const bounds = { ...BOUNDS, ...pick(limits) };
  const maxLength = limits?.maxLength ?? DEFAULT_LENGTH;
  const args = (call.args ?? []).map((value) => recordedValue(value, 'args', bounds, mask));
  const kwargs = Object.fromEntries(
    Object.entries(Object.getOwnPropertyDescriptors(call.kwargs ?? {}))
      .filter(([, { enumerable }]) => enumerable)
      .map(([key, { get, value }]) => [
        key,
        get === undefined ? recordedValue(value, key, bounds, mask) : mark('repr', '[Getter]'),
      ]),
  );
  const parts = { args: fit(args, maxLength), kwargs: fit(kwargs, maxLength) };
  const isCut = parts.args.isCut || parts.kwargs.isCut;
  // The frame is written by hand: cutting must never take one of its fields.
  return [
    `{"_version":"${VERSION}"`,
    `"iteration":${call.iteration}`,
    `"target":${JSON.stringify(maskText(call.target, 'target', 'recording', mask))}`,
    `"args":${parts.args.json}`,
    `"kwargs":${parts.kwargs.json}`,
    ...(isCut ? ['"truncated":true'] : []),
    `"timestamp":"${call.timestamp}"}`,
  ].join(',');
}

/** A function in the place of an argument says only its name, which is no secret whatever the parameter is called. */
function recordedValue(value: unknown, key: string, bounds: ReadableLimits, mask: Mask | undefined): unknown {
  if (value === undefined) return mark('repr', 'undefined');
  const plain = isPlainJson(value, bounds) ? value : toReadable(value, bounds, mark);
  return maskValue(plain, typeof value === 'function' ? 'callable' : key, 'recording', mask);
}

/** What JSON has no form for. */
function mark(kind: 'callable' | 'repr', text: string): string {
  return `<${kind}:${text}>`;
}

function fit(value: unknown, maxLength: number): { json: string; isCut: boolean } {
  const whole = JSON.stringify(value);
  if (whole.length <= maxLength) return { json: whole, isCut: false };
  const cut = fitJson(value, { maxLength });
  // Where nothing of the structure could be kept, the field keeps its kind.
  if (cut.startsWith('"')) return { json: Array.isArray(value) ? `[${cut}]` : `{"…":${cut}}`, isCut: true };
  return { json: cut, isCut: true };
}

function pick(limits: JsonLimits | undefined): Partial<ReadableLimits> {
  return {
    ...(limits?.depth === undefined ? {} : { depth: limits.depth }),
    ...(limits?.width === undefined ? {} : { width: limits.width }),
  };
}
