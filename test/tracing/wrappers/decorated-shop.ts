/** What the compiled fixtures define: they are compiled with other options than the tests, which therefore name their shape. */
export interface DecoratedShop {
  stock: number;
  price(cost: number): number;
  later(cost: number): Promise<number>;
  plain(): DecoratedShop;
  list(): Generator<number, void>;
  stream(): AsyncGenerator<number, void>;
  walk(): string;
  happen(what: string): string;
}

/** What only TC39 decorators can be on. */
export interface ModernShop extends DecoratedShop {
  handler: (by: number) => number;
  count(): number;
  field(by: number): number;
}

export interface ShopClass<Shop> {
  readonly prototype: Shop;
  new (): Shop;
  sell(amount: number): number;
}

/** A compiled fixture. */
export interface Fixture<Shop> {
  define(wrappers: object): { Shop: ShopClass<Shop>; Outlet: ShopClass<Shop> };
  defineClass(wrappers: object): unknown;
  defineEmptyField(wrappers: object): unknown;
}
