import type { ObservationType } from '../../../semconv/model/observation.js';
import { SpoorError } from '../../shared/errors.js';
import { nearestWord } from '../../shared/nearest-word.js';
import { givenFields, nameValue } from '../attribute-values.js';
import type { OpenCallSpan } from './call-span.js';
import { decorate, isMemberContext, type FoundFunction, type WrapFound } from './decorate.js';
import { wrapFunction } from './wrap-function.js';
import type { Wrapper } from './wrapper.js';

/** What one wrapper does. */
export interface WrapperKind {
  /** As users call it. */
  readonly name: string;
  /** Names of the options that it takes, in camel case. */
  readonly options: readonly string[];
  readonly aliases?: Readonly<Record<string, string>>;
  /** Called once for each wrapped function, with options that are known to be right. */
  prepare(fields: Readonly<Record<string, unknown>>, fnName: string): Prepared;
}

export interface Prepared {
  readonly type: ObservationType;
  readonly open: OpenCallSpan;
}

/** Makes a wrapper in all of its forms: call, curried call, TC39 decorator, legacy decorator. */
export function createWrapper<Options>(kind: WrapperKind): Wrapper<Options> {
  const apply = (...args: unknown[]): unknown => {
    if (!hasOptions(args)) return decorate(kind.name, args, wrapWith(kind, {}));
    const wrap = wrapWith(kind, optionsOf(kind, args[0]));
    if (args.length > 1) return decorate(kind.name, [args[1]], wrap);
    return (...member: unknown[]): unknown => decorate(kind.name, member, wrap);
  };
  return Object.defineProperty(apply, 'name', { value: kind.name }) as unknown as Wrapper<Options>;
}

/** True for `tool()`, `tool(options)` and `tool(options, fn)`; false where the first argument is what is to be wrapped. */
function hasOptions([first, second]: readonly unknown[]): boolean {
  if (isMemberContext(second) || typeof second === 'string' || typeof second === 'symbol') return false;
  return first === undefined || (typeof first === 'object' && first !== null);
}

function optionsOf(kind: WrapperKind, given: unknown): Record<string, unknown> {
  if (given === undefined) return {};
  const fields = givenFields(given as object, kind.aliases);
  for (const key of Object.keys(fields)) {
    if (kind.options.includes(key)) continue;
    const near = nearestWord(key, kind.options);
    throw new SpoorError(
      'SPOOR_OPTION_UNKNOWN',
      `${kind.name} has no option "${key}".${near === undefined ? ` Its options are: ${kind.options.join(', ')}.` : ` Did you mean "${near}"?`}`,
    );
  }
  return fields;
}

function wrapWith(kind: WrapperKind, fields: Readonly<Record<string, unknown>>): WrapFound {
  return (found) => {
    const name = nameOf(found);
    const { type, open } = kind.prepare(fields, name);
    // Who replays a call looks for this name.
    const called = name === '' ? (nameValue(fields['name']) ?? '') : name;
    const target = (thisArg: unknown): string => {
      const owner = found.owner?.(thisArg);
      return owner === undefined ? called : `${owner}.${called}`;
    };
    return wrapFunction(found.fn, { type, target }, open);
  };
}

function nameOf({ fn, name }: FoundFunction): string {
  if (name !== undefined) return name;
  return typeof fn.name === 'string' ? fn.name : '';
}
