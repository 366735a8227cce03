import type { Span, Tracer } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tracedOptions } from '../../../instrumentations/vercel-ai/functions.js';
import { wrap } from '../../../instrumentations/vercel-ai/index.js';
import { setContentPolicy } from '../../../src/config/content-policy.js';
import { endOpenCalls } from '../../../src/instrument/open-calls.js';
import { setProviderStarter } from '../../../src/tracing/provider.js';
import { recordSpans, type RecordedSpans } from '../../support/recorded-spans.js';

const MODEL = { provider: 'mock.chat', modelId: 'm-1', doGenerate: async () => ({ content: [] }) };
let spans: RecordedSpans;

beforeEach(() => {
  setContentPolicy(true);
  spans = recordSpans();
});
afterEach(() => {
  endOpenCalls();
  setContentPolicy(undefined);
  setProviderStarter(undefined);
});

interface Traced {
  model: typeof MODEL;
  experimental_telemetry: { tracer: Tracer; isEnabled: boolean; recordInputs?: boolean };
  prepareStep(step: object): unknown;
}
const traced = (options: object): Traced => tracedOptions({ model: MODEL, ...options }, {}) as Traced;
const names = (): string[] => spans.all().map(({ name }) => name);

describe('the options that the package gets', () => {
  it('leave the program its own, with a tracer that hears of the run and its tools', async () => {
    const options = { model: MODEL, prompt: 'Ask.', abortSignal: undefined };
    const { experimental_telemetry: telemetry, model } = traced(options);
    expect([telemetry.isEnabled, telemetry.recordInputs]).toEqual([true, false]);
    await telemetry.tracer.startActiveSpan('ai.generateText', async (run: Span) => {
      await telemetry.tracer.startActiveSpan('ai.generateText.doGenerate', () => model.doGenerate());
      const attributes = { 'ai.toolCall.name': 'look', 'ai.toolCall.id': 'a', 'ai.toolCall.args': '"x"' };
      telemetry.tracer.startActiveSpan('ai.toolCall', { attributes }, (tool: Span) => {
        tool.setAttributes({ 'ai.toolCall.result': '[1]' });
        tool.end();
      });
      run.end();
    });
    expect(names()).toEqual(['chat m-1', 'execute_tool look', 'generateText']);
    const { attributes } = spans.named('execute_tool look');
    expect([attributes['gen_ai.tool.call.arguments'], attributes['gen_ai.tool.call.result']]).toEqual([
      'x',
      '[1]',
    ]);
    expect(options).toEqual({ model: MODEL, prompt: 'Ask.', abortSignal: undefined });
  });

  it('show a step the model of the program, and take the one that it chooses', async () => {
    const seen: unknown[] = [];
    const other = { ...MODEL, modelId: 'm-2' };
    const prepareStep = ({ model }: { model: unknown }): object => {
      seen.push(model);
      return { model: other };
    };
    const { prepareStep: prepare, model } = traced({ prepareStep });
    const prepared = prepare({ model, stepNumber: 0 }) as { model: typeof MODEL };
    expect(seen[0]).toBe(MODEL);
    expect(prepared.model).not.toBe(other);
    await prepared.model.doGenerate();
    expect(names()).toEqual(['chat m-2']);
  });

  it('are left alone when silence was asked for', () => {
    expect(tracedOptions({ model: MODEL, experimental_telemetry: { isEnabled: false } }, {})).toBeUndefined();
  });

  it('keep the agent of the package known by its id', () => {
    const options = tracedOptions({ model: MODEL }, {}, 'guide') as Traced;
    options.experimental_telemetry.tracer.startActiveSpan('ai.streamText', (run: Span) => run.end());
    expect(names()).toEqual(['invoke_agent guide']);
  });
});

describe('a tracer of the program', () => {
  it('hears all that it would hear without us', () => {
    const heard: unknown[] = [];
    const span = {
      setAttributes: (attributes: object) => void heard.push(attributes),
      recordException: (error: Error) => void heard.push(error.message),
      end: () => void heard.push('end'),
    } as unknown as Span;
    const tracer = {
      startActiveSpan: (name: string, options: object, fn: (span: Span) => unknown) => {
        heard.push(name, options);
        return fn(span);
      },
    } as unknown as Tracer;
    const { experimental_telemetry: telemetry } = traced({
      experimental_telemetry: { isEnabled: true, tracer },
    });
    expect(telemetry.recordInputs).toBeUndefined();
    const result = telemetry.tracer.startActiveSpan(
      'ai.generateText',
      { attributes: { a: 1 } },
      (run: Span) => {
        run.setAttributes({ b: 2 });
        run.recordException(new RangeError('Broken.'));
        run.end();
        return 'result';
      },
    );
    expect(result).toBe('result');
    expect(heard).toEqual(['ai.generateText', { attributes: { a: 1 } }, { b: 2 }, 'Broken.', 'end']);
    expect(spans.all().map(({ name, status }) => [name, status])).toEqual([
      ['generateText', { code: 2, message: 'Broken.' }],
    ]);
  });
});

const moduleOf = (): Record<string, unknown> => ({
  stepCountIs: () => {},
  streamText: () => {},
  generateText: async ({ model }: { model: typeof MODEL }) => model.doGenerate(),
  other: 1,
});

describe('wrap', () => {
  it('gives the same functions with tracing, and leaves the module as it is', async () => {
    const ai = moduleOf();
    const before = { ...ai };
    const wrapped = wrap(ai) as { generateText: (options: object) => Promise<unknown>; other: number };
    expect(ai).toEqual(before);
    expect([Object.keys(wrapped), wrapped.other]).toEqual([Object.keys(ai), 1]);
    expect(wrapped.generateText.name).toBe('generateText');
    expect(await wrapped.generateText({ model: MODEL, prompt: 'Ask.' })).toEqual({ content: [] });
    expect(names()).toEqual(['chat m-1']);
  });

  it('leaves what is no module of a known shape alone', () => {
    const unknown = { generateText: () => {} };
    expect([wrap(unknown), wrap(null), wrap('text')]).toEqual([unknown, null, 'text']);
    expect(wrap(unknown)).toBe(unknown);
  });
});

describe('the model that the package gets', () => {
  it('covers the calls that are made inside it', async () => {
    const inner = traced({ model: { ...MODEL, modelId: 'inner' } }).model;
    const outer = traced({ model: { ...MODEL, doGenerate: async () => inner.doGenerate() } }).model;
    await outer.doGenerate();
    await inner.doGenerate();
    expect(names()).toEqual(['chat m-1', 'chat inner']);
  });

  it('has the fields of the one of the program, private ones too', async () => {
    class Mine {
      readonly #id = 'm-3';
      readonly provider = 'mine.chat';
      get modelId(): string {
        return this.#id;
      }
      async doGenerate(): Promise<object> {
        return { content: [], finishReason: this.#id };
      }
    }
    const model = Object.freeze(new Mine());
    const own = traced({ model }).model as unknown as Mine;
    expect([own.modelId, own.provider, 'doGenerate' in own, own instanceof Mine]).toEqual([
      'm-3',
      'mine.chat',
      true,
      true,
    ]);
    expect(await own.doGenerate()).toEqual({ content: [], finishReason: 'm-3' });
    expect(names()).toEqual(['chat m-3']);
  });
});
