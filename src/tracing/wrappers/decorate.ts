import { SpoorError } from '../../shared/errors.js';
import { methodOwner } from './method-owner.js';
import type { AnyFunction } from './wrap-function.js';

/** Where a function was found, as far as that is known. */
export interface FoundFunction {
  readonly fn: AnyFunction;
  /** The name of the member; for a function that is none, its own. */
  readonly name?: string;
  /** Name of the class that it is a member of. */
  readonly owner?: (thisArg: unknown) => string | undefined;
}
export type WrapFound = (found: FoundFunction) => AnyFunction;

/** What the second argument of a TC39 decorator says. */
interface MemberContext {
  readonly kind: string;
  readonly name: string | symbol;
}

export function isMemberContext(value: unknown): value is MemberContext {
  return typeof value === 'object' && value !== null && typeof (value as MemberContext).kind === 'string';
}

/**
 * Applies a wrapper to whatever it was given: a function, or a member of a class from either kind of decorators.
 * @throws SpoorError SPOOR_WRAP_REFUSED for a class and for anything else that holds no function.
 */
export function decorate(what: string, args: readonly unknown[], wrap: WrapFound): unknown {
  const [value, second, third] = args;
  if (isMemberContext(second)) return decorateMember(what, value, second, wrap);
  if (typeof second === 'string' || typeof second === 'symbol') {
    return decorateLegacy(what, value, second, third, wrap);
  }
  return wrap({ fn: callable(what, value) });
}

function decorateMember(what: string, value: unknown, context: MemberContext, wrap: WrapFound): unknown {
  const { kind, name } = context;
  const member = (given: unknown): AnyFunction => {
    const fn = callable(`${what} on ${String(name)}`, given);
    const wrapped: AnyFunction = wrap({
      fn,
      name: String(name),
      owner: (thisArg) => methodOwner(thisArg, name, wrapped),
    });
    return wrapped;
  };
  const initial = (held: unknown): unknown => (held === undefined ? held : member(held));
  switch (kind) {
    case 'method':
    case 'getter':
    case 'setter':
      return member(value);
    case 'field':
      return initial;
    case 'accessor':
      return { init: initial };
    default:
      throw refusal(what, `a ${kind}`);
  }
}

/** A legacy decorator of a field gets no descriptor, and could only act on all objects of the class at once. */
function decorateLegacy(
  what: string,
  target: unknown,
  key: string | symbol,
  descriptor: unknown,
  wrap: WrapFound,
): PropertyDescriptor {
  if (typeof descriptor !== 'object' || descriptor === null) {
    throw refusal(what, typeof descriptor === 'number' ? 'a parameter' : `the field ${String(key)}`);
  }
  const holder = typeof target === 'function' ? target : (target as { constructor?: unknown }).constructor;
  const owner = typeof holder === 'function' ? holder.name : undefined;
  const found = (fn: unknown): FoundFunction => ({
    fn: callable(`${what} on ${String(key)}`, fn),
    name: String(key),
    owner: () => owner,
  });
  const { value, get, set } = descriptor as PropertyDescriptor;
  if (get === undefined && set === undefined) {
    return { ...descriptor, value: wrap(found(value)) };
  }
  return {
    ...descriptor,
    ...(get === undefined ? {} : { get: wrap(found(get)) }),
    ...(set === undefined ? {} : { set: wrap(found(set)) as (value: unknown) => void }),
  };
}

function callable(what: string, value: unknown): AnyFunction {
  if (typeof value !== 'function') throw refusal(what, value === null ? 'null' : describe(value));
  if (isClass(value)) throw refusal(what, `the class ${value.name === '' ? '(anonymous)' : value.name}`);
  return value as AnyFunction;
}

/** The prototype of a class cannot be replaced, that of a function can. */
function isClass(value: object): boolean {
  return Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false;
}

function describe(value: unknown): string {
  return typeof value === 'object' ? 'an object' : `a value of type ${typeof value}`;
}

function refusal(what: string, given: string): SpoorError {
  return new SpoorError(
    'SPOOR_WRAP_REFUSED',
    `${what} was given ${given}. Expected a function, or a method, getter, setter, field or accessor of a class: wrap each method of a class by itself.`,
  );
}
