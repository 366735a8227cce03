import type { AnyFunction } from './wrap-function.js';

/** Wraps a function, or a member of a class when it is used as a decorator, TC39 or legacy. The type stays what it was. */
export interface WrapDecorator {
  /** As a function. */
  <F extends AnyFunction>(fn: F): F;
  /** As a decorator of a method, also a static or private one. */
  <This, F extends AnyFunction>(method: F, context: ClassMethodDecoratorContext<This>): F;
  /** As a decorator of a getter. */
  <This, Value>(
    getter: (this: This) => Value,
    context: ClassGetterDecoratorContext<This, Value>,
  ): (this: This) => Value;
  /** As a decorator of a setter. */
  <This, Value>(
    setter: (this: This, value: Value) => void,
    context: ClassSetterDecoratorContext<This, Value>,
  ): (this: This, value: Value) => void;
  /** As a decorator of a field that begins with a function. */
  <This, F extends AnyFunction>(
    none: undefined,
    context: ClassFieldDecoratorContext<This, F>,
  ): (this: This, initial: F) => F;
  /** As a decorator of an `accessor` that begins with a function. */
  <This, F extends AnyFunction>(
    accessor: ClassAccessorDecoratorTarget<This, F>,
    context: ClassAccessorDecoratorContext<This, F>,
  ): ClassAccessorDecoratorResult<This, F>;
  /** As a legacy decorator (`experimentalDecorators`) of a method, getter or setter. */
  <T>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<T>,
  ): TypedPropertyDescriptor<T>;
}

/** Options, and nothing that can be called or constructed. */
type PlainOptions<Options> = Options & { readonly call?: never; readonly prototype?: never };

/** As a wrapper, `tool(fn)`, `tool(options, fn)` or `tool(options)(fn)`; as a decorator, `@tool`, `@tool()` or `@tool(options)`. */
export interface Wrapper<Options> extends WrapDecorator {
  <F extends AnyFunction>(options: PlainOptions<Options>, fn: F): F;
  (): WrapDecorator;
  (options: PlainOptions<Options>): WrapDecorator;
}
