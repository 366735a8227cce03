import { event } from '../../src/tracing/wrappers/event-wrapper.js';
import {
  agent,
  prompt,
  tool,
  trace,
  type WrapOptions,
} from '../../src/tracing/wrappers/observation-wrappers.js';
import { step } from '../../src/tracing/wrappers/step-wrapper.js';
import type { Wrapper } from '../../src/tracing/wrappers/wrapper.js';
import { expectSame } from './expect-type.js';

/** What a wrapper gives back has the type of what it was given. */
declare function plain(a: number, b?: string): boolean;
declare function later(id: string): Promise<{ found: boolean }>;
declare function generic<T extends object>(value: T): T[];
declare function overloaded(value: string): string;
declare function overloaded(value: number): number;
declare function bound(this: { readonly name: string }, greeting: string): string;
declare function items(count: number): Generator<number, string, boolean>;
declare function stream(): AsyncGenerator<string>;
declare function variadic<A extends unknown[]>(...args: A): A;
declare function guards(value: unknown): value is string;
declare const withProperties: { (x: number): number; readonly version: string };
declare class Thing {
  readonly size: number;
}
declare const options: WrapOptions;

expectSame<typeof tool extends Wrapper<WrapOptions> ? true : false, true>();

const wrapped = {
  plain: tool(plain),
  later: agent({ name: 'x' }, later),
  generic: tool({})(generic),
  overloaded: trace({ type: 'chain' })(overloaded),
  bound: tool(bound),
  items: tool(items),
  stream: prompt({ model: 'm' }, stream),
  variadic: tool(variadic),
  guards: tool(guards),
  withProperties: tool(options, withProperties),
  step: step({ goal: 'g' })(later),
  event: event(plain),
};
expectSame<typeof wrapped.plain, typeof plain>();
expectSame<typeof wrapped.later, typeof later>();
expectSame<typeof wrapped.generic, typeof generic>();
expectSame<typeof wrapped.overloaded, typeof overloaded>();
expectSame<typeof wrapped.bound, typeof bound>();
expectSame<typeof wrapped.items, typeof items>();
expectSame<typeof wrapped.stream, typeof stream>();
expectSame<typeof wrapped.variadic, typeof variadic>();
expectSame<typeof wrapped.guards, typeof guards>();
expectSame<typeof wrapped.withProperties, typeof withProperties>();
expectSame<typeof wrapped.step, typeof later>();
expectSame<typeof wrapped.event, typeof plain>();

const one = wrapped.generic({ id: 1 });
expectSame<typeof one, { id: number }[]>();
const two = wrapped.overloaded(1);
expectSame<typeof two, number>();
const three = tool((a: number) => a)(1);
expectSame<typeof three, number>();
const four = agent(async (a: string) => ({ a }))('x');
expectSame<typeof four, Promise<{ a: string }>>();
const five = wrapped.variadic(1, 'x');
expectSame<typeof five, [number, string]>();

// @ts-expect-error -- two types that are not the same
expectSame<typeof wrapped.plain, typeof later>();
// @ts-expect-error -- a missing argument is still an error
void wrapped.later();
// @ts-expect-error -- so is an argument of another type
wrapped.plain('x');
// @ts-expect-error -- and a `this` of another type
wrapped.bound.call({}, 'hello');
// @ts-expect-error -- a class is no function
tool(Thing);
// @ts-expect-error -- nor with options
tool({ name: 'x' }, Thing);
// @ts-expect-error -- an option that does not exist
tool({ captureInputs: true });
// @ts-expect-error -- an option of another type
tool({ name: 1 }, plain);
// @ts-expect-error -- an option of another wrapper
step({ captureInput: true })(plain);
// @ts-expect-error -- text is no function
tool('search');
