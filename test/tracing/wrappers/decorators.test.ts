import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyOptions, resetSettings } from '../../../src/config/settings.js';
import { setCallRecorder } from '../../../src/tracing/call-recorder.js';
import { event } from '../../../src/tracing/wrappers/event-wrapper.js';
import { agent, tool } from '../../../src/tracing/wrappers/observation-wrappers.js';
import { step } from '../../../src/tracing/wrappers/step-wrapper.js';
import { recordSpans, type RecordedSpans } from '../../support/recorded-spans.js';
import { compiledByEsbuild, compiledByTsc, moduleFolder, type DecoratorKind } from './compiled-fixtures.js';
import type { DecoratedShop, Fixture, ModernShop, ShopClass } from './decorated-shop.js';

const WRAPPERS = { agent, event, step, tool };
let folder: string;
let spans: RecordedSpans;
beforeAll(async () => {
  folder = await moduleFolder();
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  applyOptions({ captureContent: true });
  spans = recordSpans();
});
afterEach(() => {
  resetSettings();
  setCallRecorder(undefined);
});

const other = (by: number): number => by;
const outputs = (): unknown[] =>
  spans
    .all()
    .map((span) => [
      span.name,
      span.attributes['gen_ai.tool.call.result'] ?? span.attributes['spoor.observation.output'],
    ]);

const COMPILERS = [
  ['tc39', 'tsc', compiledByTsc],
  ['tc39', 'esbuild', compiledByEsbuild],
  ['legacy', 'tsc', compiledByTsc],
  ['legacy', 'esbuild', compiledByEsbuild],
] as const;

describe.each(COMPILERS)('a %s decorator, compiled by %s,', (kind: DecoratorKind, _, compile) => {
  let fixture: Fixture<DecoratedShop>;
  let Shop: ShopClass<DecoratedShop>;
  let Outlet: ShopClass<DecoratedShop>;
  beforeAll(async () => {
    fixture = (await compile(kind, folder)) as Fixture<DecoratedShop>;
    ({ Shop, Outlet } = fixture.define(WRAPPERS));
  });

  it('trap: decorated method losing `this`', async () => {
    const shop = new Shop();
    expect(shop.price(3)).toBe(6);
    expect(await shop.later(4)).toBe(8);
    expect(shop.plain()).toBe(shop);
    expect(outputs().slice(0, 3)).toEqual([
      ['execute_tool price', '6'],
      ['execute_tool price', '8'],
      ['execute_tool later', '8'],
    ]);
    expect(spans.all().at(-1)?.name).toBe('execute_tool renamed');
  });

  it('keeps name and length of what it is on', () => {
    const { price, later } = Shop.prototype;
    expect([price.name, price.length, later.name, Shop.sell.name]).toEqual(['price', 1, 'later', 'sell']);
    expect(Object.getOwnPropertyDescriptor(Shop.prototype, 'price')).toMatchObject({
      enumerable: false,
      writable: true,
      configurable: true,
    });
  });

  it('works on static methods, and through inheritance', () => {
    expect(Shop.sell(1)).toBe(1);
    expect(Outlet.sell(1)).toBe(2);
    expect(new Outlet().price(3)).toBe(5);
    expect(outputs()).toEqual([
      ['execute_tool sell', '1'],
      ['execute_tool sell', '2'],
      ['execute_tool price', '6'],
    ]);
  });

  it('works on generators', async () => {
    const shop = new Shop();
    expect([...shop.list()]).toEqual([5, 2]);
    const streamed: number[] = [];
    for await (const item of shop.stream()) streamed.push(item);
    expect(streamed).toEqual([5, 4]);
    expect(outputs()).toEqual([
      ['execute_tool price', '2'],
      ['invoke_agent list', '[5,2]'],
      ['execute_tool price', '4'],
      ['invoke_agent stream', '[5,4]'],
    ]);
  });

  it('works on getters', () => {
    const shop = new Shop();
    shop.stock = 9;
    expect(shop.stock).toBe(9);
    expect(outputs().at(-1)).toEqual(['execute_tool stock', '9']);
  });

  it('makes steps and events', () => {
    const shop = new Shop();
    expect([shop.walk(), shop.happen('rain')]).toEqual(['walked', 'rain happened']);
    expect(spans.named('step walk').attributes).toMatchObject({ 'spoor.step.goal': 'sold' });
    expect(spans.named('execute_tool happen').attributes).toMatchObject({
      'spoor.event.function_name': 'happen',
      'spoor.event.arguments': '["rain"]',
      'spoor.event.result': 'rain happened',
      'spoor.event.is_successful': true,
    });
  });

  it('tells the recorder which class a method belongs to', () => {
    const targets: string[] = [];
    setCallRecorder(({ target }) => void targets.push(target));
    Shop.sell(1);
    new Shop().price(1);
    new Outlet().price(1);
    void new Outlet().later(1);
    expect(targets.slice(0, 3)).toEqual(['Shop.sell', 'Shop.price', 'Shop.price']);
    expect(targets[3]).toBe('Shop.later');
  });

  it('refuses a class, and a field that holds no function', () => {
    const refused = expect.objectContaining({ code: 'SPOOR_WRAP_REFUSED' }) as Error;
    expect(() => fixture.defineClass(WRAPPERS)).toThrow(refused);
    expect(() => fixture.defineEmptyField(WRAPPERS)).toThrow(refused);
  });
});

describe.each([
  ['tsc', compiledByTsc],
  ['esbuild', compiledByEsbuild],
] as const)('a TC39 decorator, compiled by %s,', (_, compile) => {
  let Shop: ShopClass<ModernShop>;
  beforeAll(async () => {
    ({ Shop } = ((await compile('tc39', folder)) as Fixture<ModernShop>).define(WRAPPERS));
  });

  it('works on private methods', () => {
    expect(new Shop().count()).toBe(5);
    expect(outputs()).toEqual([['execute_tool #count', '5']]);
  });

  it('works on setters, fields and accessors', () => {
    const shop = new Shop();
    shop.stock = 7;
    expect([shop.field(1), shop.handler(2)]).toEqual([8, 14]);
    expect(outputs()).toEqual([
      ['execute_tool stock', undefined],
      ['execute_tool field', '8'],
      ['execute_tool handler', '14'],
    ]);
    shop.handler = other;
    expect(shop.handler).toBe(other);
  });
});
