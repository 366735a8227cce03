import { readEnvironment } from './env.js';

/** What of the messages may be put on spans. One policy, asked by everyone: off means off everywhere. */
export interface ContentPolicy {
  /** System instructions. */
  readonly system: boolean;
  /** Messages and other input sent to a model, a tool or an observation. */
  readonly input: boolean;
  /** What came back. */
  readonly output: boolean;
  /** Definitions of the tools offered to a model. */
  readonly tools: boolean;
  /** Arguments and results of tool calls. */
  readonly toolArguments: boolean;
  /** Only messages with these roles, when given. */
  readonly roles?: readonly string[];
  /** Longest content attribute, in characters of JSON. */
  readonly maxLength: number;
}

/** What a user may ask for: all, nothing, or each part by name (a part that is not named follows the default). */
export type CaptureContent = boolean | Partial<Omit<ContentPolicy, 'maxLength'>>;

export const DEFAULT_CONTENT_LENGTH = 262_144;

const OFF: ContentPolicy = everything(false, DEFAULT_CONTENT_LENGTH);
let asked: { value: CaptureContent | undefined; maxLength: number } | undefined;
let byDefault: () => boolean = () => false;
let cache: { wanted: boolean; policy: ContentPolicy } | undefined;

/** The policy now in force. Cheap: it is asked for every call. */
export function currentContentPolicy(): ContentPolicy {
  const { value, maxLength } = (asked ??= readAsked());
  if (value === false) return OFF;
  const wanted = value === true || byDefault();
  if (cache?.wanted === wanted) return cache.policy;
  const base = everything(wanted, maxLength);
  const policy = typeof value === 'object' ? Object.freeze({ ...base, ...value, maxLength }) : base;
  cache = { wanted, policy };
  return policy;
}

/**
 * True when the user switched this part off in so many words. Then content given by hand stays out too; the default,
 * which nobody asked for, concerns only what is captured by itself.
 */
export function refusesContent(part: 'input' | 'output' | 'toolArguments'): boolean {
  const { value } = (asked ??= readAsked());
  return value === false || (typeof value === 'object' && value[part] === false);
}

/** Sets what was asked for, by code or environment; undefined leaves it to the default. */
export function setContentPolicy(
  value: CaptureContent | undefined,
  maxLength: number = DEFAULT_CONTENT_LENGTH,
): void {
  asked = { value, maxLength };
  cache = undefined;
}

/** Says how to tell whether content is captured when nobody asked: only while spans go to a loopback endpoint of ours. */
export function setContentDefault(isOnByDefault: () => boolean): void {
  byDefault = isOnByDefault;
  cache = undefined;
}

function readAsked(): { value: CaptureContent | undefined; maxLength: number } {
  const settings = readEnvironment().options;
  return {
    value: settings.captureContent,
    maxLength: settings.limits?.attributeLength ?? DEFAULT_CONTENT_LENGTH,
  };
}

function everything(value: boolean, maxLength: number): ContentPolicy {
  return Object.freeze({
    system: value,
    input: value,
    output: value,
    tools: value,
    toolArguments: value,
    maxLength,
  });
}
