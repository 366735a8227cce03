import { ROOT_CONTEXT as ROOT, trace as otel, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyOptions, resetSettings } from '../../../src/config/settings.js';
import { setCallRecorder, type WrappedCall } from '../../../src/tracing/call-recorder.js';
import { runInContext } from '../../../src/tracing/active-context.js';
import { withObservation } from '../../../src/tracing/observation.js';
import { withSession } from '../../../src/tracing/sessions.js';
import {
  agent,
  chain,
  embedding,
  prompt,
  retrieval,
  tool,
  trace,
  type WrapOptions,
} from '../../../src/tracing/wrappers/observation-wrappers.js';
import { parentOf, recordSpans, type RecordedSpans } from '../../support/recorded-spans.js';

let spans: RecordedSpans;
beforeEach(() => {
  applyOptions({ captureContent: true });
  spans = recordSpans();
});
afterEach(() => {
  resetSettings();
  setCallRecorder(undefined);
});

type Add = (a: number, b: number) => number;
function add(a: number, b: number): number {
  return a + b;
}
const sum: Add = (a, b) => a + b;
class Cart {
  readonly items = [];
}

function content(name: string): unknown[] {
  const { attributes } = spans.named(`execute_tool ${name}`);
  return [attributes['gen_ai.tool.call.arguments'], attributes['gen_ai.tool.call.result']];
}

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('a wrapper', () => {
  it.each([
    ['agent', agent, 'invoke_agent add', 'AGENT', SpanKind.INTERNAL],
    ['tool', tool, 'execute_tool add', 'TOOL', SpanKind.INTERNAL],
    ['prompt', prompt, 'chat add', 'GENERATION', SpanKind.CLIENT],
    ['trace', trace, 'add', 'SPAN', SpanKind.INTERNAL],
    ['retrieval', retrieval, 'retrieval add', 'RETRIEVAL', SpanKind.CLIENT],
    ['embedding', embedding, 'embeddings add', 'EMBEDDING', SpanKind.CLIENT],
    ['chain', chain, 'add', 'CHAIN', SpanKind.INTERNAL],
  ] as const)('%s opens one span a call', (_, wrap, spanName, type, kind) => {
    expect(wrap(add)(1, 2)).toBe(3);
    expect(spans.all()).toHaveLength(1);
    const span = spans.named(spanName);
    expect({ kind: span.kind, type: span.attributes['spoor.observation.type'] }).toEqual({ kind, type });
  });

  it.each([
    ['tool(fn)', (fn: Add) => tool(fn)],
    ['tool(options, fn)', (fn: Add) => tool({ name: 'sum' }, fn)],
    ['tool(options)(fn)', (fn: Add) => tool({ name: 'sum' })(fn)],
    ['tool()(fn)', (fn: Add) => tool()(fn)],
  ])('can be used as %s', (form, wrap) => {
    expect(wrap(sum)(1, 2)).toBe(3);
    expect(spans.named('execute_tool sum').attributes, form).toEqual({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'sum',
      'gen_ai.tool.call.arguments': '[1,2]',
      'gen_ai.tool.call.result': '3',
      'spoor.observation.type': 'TOOL',
      'spoor.outcome': 'completed',
    });
  });

  it('puts its options on the span, under snake-case names too', () => {
    const options: WrapOptions = {
      name: 'find',
      description: 'Finds things',
      tags: ['slow'],
      metadata: { shelf: 3 },
      model: 'model-a',
      capture_input: false,
    };
    tool(options, (query: string) => query.length)('boots');
    expect(spans.named('execute_tool find').attributes).toEqual({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'find',
      'gen_ai.tool.description': 'Finds things',
      'gen_ai.request.model': 'model-a',
      'gen_ai.tool.call.result': '5',
      'spoor.observation.type': 'TOOL',
      'spoor.observation.metadata.shelf': '3',
      'spoor.outcome': 'completed',
      'spoor.tags': ['slow'],
    });
  });

  it('keeps the one plain object that it was given as the input itself', () => {
    chain(function plan({ goal }: { goal: string }) {
      void goal;
    })({ goal: 'rest' });
    expect(spans.named('plan').attributes).toEqual({
      'spoor.observation.type': 'CHAIN',
      'spoor.observation.input': '{"goal":"rest"}',
      'spoor.outcome': 'completed',
    });
  });

  it('takes any type by name, and refuses one that does not exist', () => {
    trace({ type: 'evaluation', name: 'judge' }, () => true)();
    expect(spans.named('judge').attributes['spoor.observation.type']).toBe('EVALUATION');
    expect(() => trace({ type: 'thought' }, () => true)).toThrow(
      expect.objectContaining({ code: 'SPOOR_OBSERVATION_TYPE_UNKNOWN' }),
    );
  });

  it('names the option that was meant', () => {
    expect(() => tool({ captureInputs: true } as object)(() => 1)).toThrow(
      expect.objectContaining({
        code: 'SPOOR_OPTION_UNKNOWN',
        message: 'tool has no option "captureInputs". Did you mean "captureInput"?',
      }),
    );
  });

  it.each([
    ['a class', Cart, 'the class Cart'],
    ['text', 'search', 'a value of type string'],
    ['null', null, 'null'],
  ])('refuses %s', (_, given, named) => {
    const wrap = tool as (value: unknown) => unknown;
    expect(() => wrap(given)).toThrow(
      expect.objectContaining({
        code: 'SPOOR_WRAP_REFUSED',
        message: expect.stringContaining(`tool was given ${named}.`) as string,
      }),
    );
    expect(() => tool({}, given as never) as unknown).toThrow(
      expect.objectContaining({ code: 'SPOOR_WRAP_REFUSED' }),
    );
  });

  it('leaves content out unless the policy or the option asks for it', () => {
    applyOptions({ captureContent: false });
    tool({ name: 'refused', captureInput: true, captureOutput: true }, (x: number) => x)(1);
    resetSettings();
    tool({ name: 'default' }, (x: number) => x)(1);
    tool({ name: 'asked', captureInput: true, captureOutput: true }, (x: number) => x)(1);
    expect(['refused', 'default', 'asked'].map(content)).toEqual([
      [undefined, undefined],
      [undefined, undefined],
      ['[1]', '1'],
    ]);
  });

  it('begins a trace where there is none, and joins the one that there is', async () => {
    const inner = tool({ name: 'inner' }, () => undefined);
    const outer = agent({ name: 'outer' }, async () => {
      await nextTurn();
      inner();
    });
    await withSession({ id: 's1' }, outer);
    const outerSpan = spans.named('invoke_agent outer');
    const innerSpan = spans.named('execute_tool inner');
    expect(parentOf(innerSpan)).toBe(outerSpan.spanContext().spanId);
    expect([outerSpan, innerSpan].map((span) => span.attributes['session.id'])).toEqual(['s1', 's1']);
    inner();
    expect(parentOf(spans.all().at(-1) as typeof outerSpan)).toBeUndefined();
  });

  it('trap: parallel tools nested', async () => {
    const work = tool({ name: 'work' }, async (turns: number) => {
      for (let turn = 0; turn < turns; turn += 1) await nextTurn();
    });
    await agent({ name: 'boss' }, () => Promise.all([work(3), work(1), work(2)]))();
    const boss = spans.named('invoke_agent boss').spanContext().spanId;
    const tools = spans.all().filter((span) => span.name === 'execute_tool work');
    expect(tools.map(parentOf)).toEqual([boss, boss, boss]);
  });

  it('trap: sync function turned async', () => {
    expect(tool(() => 1)()).toBe(1);
    const error = new Error('no');
    let thrown: unknown;
    try {
      tool(() => {
        throw error;
      })();
    } catch (caught) {
      thrown = caught;
    }
    expect(thrown).toBe(error);
  });

  it("trap: one call's error metadata on the next call", async () => {
    let fails = true;
    const flaky = tool({ name: 'flaky', metadata: { k: 1 } }, async () => {
      if (fails) throw new RangeError('first');
    });
    await expect(flaky()).rejects.toThrow('first');
    fails = false;
    await flaky();
    const [first, second] = spans.all();
    expect(first?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'first' });
    expect(second?.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(second?.attributes).toEqual({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'flaky',
      'spoor.observation.type': 'TOOL',
      'spoor.observation.metadata.k': '1',
      'spoor.outcome': 'completed',
    });
    expect(first?.attributes).toEqual({
      ...second?.attributes,
      'error.type': 'RangeError',
      'spoor.outcome': 'failed',
    });
  });

  it('ends with the error of an async function, which goes on as it is', async () => {
    const error = new TypeError('bad');
    await expect(tool({ name: 'f' }, () => Promise.reject(error))()).rejects.toBe(error);
    expect(spans.named('execute_tool f').attributes['spoor.outcome']).toBe('failed');
  });

  it('gives back the very promise that a richer class made', async () => {
    class Rich extends Promise<number> {
      withResponse(): string {
        return 'response';
      }
    }
    const rich = Rich.resolve(3) as Rich;
    const given = tool({ name: 'rich' }, () => rich)();
    expect(given).toBe(rich);
    expect(given.withResponse()).toBe('response');
    expect(spans.all()).toEqual([]);
    expect(await given).toBe(3);
    expect(spans.named('execute_tool rich').attributes['gen_ai.tool.call.result']).toBe('3');
  });

  it('runs nothing of a proxy or a getter that it is given back', () => {
    const touched: string[] = [];
    const remote = new Proxy(
      {},
      {
        get: (_, key) => touched.push(String(key)),
        has: (_, key) => touched.push(String(key)) > 0,
        getPrototypeOf: () => (touched.push('prototype'), null),
      },
    );
    const lazy = {
      // oxlint-disable-next-line unicorn/no-thenable -- looking whether it is one must not run it
      get then() {
        return touched.push('then');
      },
    };
    expect(tool(() => remote)() === remote).toBe(true);
    expect(tool(() => lazy)() === lazy).toBe(true);
    expect(touched).toEqual([]);
    expect(spans.all()).toHaveLength(2);
  });

  it('runs the function when nothing can be traced', () => {
    applyOptions({ enabled: false });
    expect(tool((x: number) => x + 1)(1)).toBe(2);
    expect(spans.all()).toEqual([]);
  });

  it('makes its span the active one inside', () => {
    let active: unknown;
    agent({ name: 'a' }, () => {
      withObservation({ name: 'inside' }, () => undefined);
      active = 'seen';
    })();
    expect(active).toBe('seen');
    expect(parentOf(spans.named('inside'))).toBe(spans.named('invoke_agent a').spanContext().spanId);
  });

  it('nests under a span of the app', () => {
    const outer = spans.provider.getTracer('app').startSpan('outer');
    runInContext(
      otel.setSpan(ROOT, outer),
      tool({ name: 't' }, () => undefined),
    );
    outer.end();
    expect(parentOf(spans.named('execute_tool t'))).toBe(outer.spanContext().spanId);
  });

  it('tells the recorder of each call before the function runs, and survives a recorder that throws', () => {
    const calls: WrappedCall[] = [];
    const order: string[] = [];
    setCallRecorder((call) => {
      order.push('recorded');
      calls.push(call);
    });
    function look(query: string): void {
      order.push(query);
    }
    tool({ name: 'other' }, look)('boots');
    expect(order).toEqual(['recorded', 'boots']);
    expect(calls).toEqual([{ target: 'look', type: 'TOOL', fn: look, args: ['boots'] }]);
    setCallRecorder(() => {
      throw new Error('disk full');
    });
    tool(look)('hats');
    expect(order).toEqual(['recorded', 'boots', 'hats']);
  });
});
