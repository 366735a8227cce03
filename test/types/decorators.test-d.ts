import { event } from '../../src/tracing/wrappers/event-wrapper.js';
import { agent, tool } from '../../src/tracing/wrappers/observation-wrappers.js';
import { step } from '../../src/tracing/wrappers/step-wrapper.js';
import { expectSame } from './expect-type.js';

/** A decorated member keeps its type, and what holds no function cannot be decorated. */
class Members<T> {
  readonly value: T;

  constructor(value: T) {
    this.value = value;
  }

  @tool
  method(key: string): T | undefined {
    return key === '' ? undefined : this.value;
  }

  @tool()
  async later<K extends string>(key: K): Promise<Record<K, T>> {
    return { [key]: this.value } as Record<K, T>;
  }

  @agent({ name: 'x' })
  *items(): Generator<T, number, string> {
    yield this.value;
    return 1;
  }

  @step({ goal: 'g' })
  static create(this: void, size: number): Members<number> {
    return new Members(size);
  }

  @event
  bound(this: Members<T>, text: string): string {
    return text;
  }

  overloaded(value: string): string;
  overloaded(value: number): number;
  @tool
  overloaded(value: string | number): string | number {
    return value;
  }

  @tool
  #hidden(): T {
    return this.value;
  }

  shown(): T {
    return this.#hidden();
  }

  @tool
  get current(): T {
    return this.value;
  }

  @tool
  set current(_value: T) {}

  @tool
  field = (by: number): T[] => Array.from({ length: by }, () => this.value);

  @tool({ captureOutput: false })
  accessor handler = (text: string): number => text.length;

  // @ts-expect-error -- a field that holds no function
  @tool
  size = 3;

  // @ts-expect-error -- an accessor that holds no function
  @tool()
  accessor count = 3;

  // @ts-expect-error -- an option that does not exist
  @tool({ captureInputs: true })
  wrong(): void {}
}

// @ts-expect-error -- a class
@tool
export class Whole {
  readonly isWhole = true;
}

// @ts-expect-error -- a class
@agent({ name: 'x' })
export class Other {
  readonly isWhole = false;
}

const members = new Members('x');
expectSame<typeof members.method, (key: string) => string | undefined>();
expectSame<typeof members.items, () => Generator<string, number, string>>();
expectSame<typeof Members.create, (this: void, size: number) => Members<number>>();
expectSame<typeof members.current, string>();
expectSame<typeof members.field, (by: number) => string[]>();
expectSame<typeof members.handler, (text: string) => number>();
const record = members.later('k');
expectSame<typeof record, Promise<Record<'k', string>>>();
const number = members.overloaded(1);
expectSame<typeof number, number>();
