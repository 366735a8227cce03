import { diag } from '@opentelemetry/api';
import { NodeTracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { provideLateModules } from '../../src/late-modules.js';
import type { Options } from '../../src/config/options.js';
import { applyOptions, resetSettings, currentSettings, resolvedSettings } from '../../src/config/settings.js';
import { endpointTarget } from '../../src/config/targets.js';
import { createOtlpDelivery } from '../../src/sdk/exporter.js';
import { MASK_FAILED } from '../../src/sdk/mask-text.js';
import type { SpanDelivery } from '../../src/sdk/span-delivery.js';
import { SpoorSpanProcessor } from '../../src/sdk/span-processor.js';
import { resetReported } from '../../src/tracing/diag.js';
import { startObservation } from '../../src/tracing/observation.js';
import { setProviderStarter } from '../../src/tracing/provider.js';
import { withSession } from '../../src/tracing/sessions.js';
import { withStep } from '../../src/tracing/steps.js';
import { captureDiagnostics } from '../support/captured-diagnostics.js';
import { createInstalledApp, type InstalledApp } from '../support/installed-app.js';
import { startOtlpSink, type OtlpSink, type SinkSpan } from '../support/otlp-sink.js';

provideLateModules();

let sink: OtlpSink;
let delivery: SpanDelivery | undefined;
let provider: NodeTracerProvider;
let messages: string[];
let app: InstalledApp;
beforeAll(() => {
  app = createInstalledApp();
});
afterAll(() => app.remove());
beforeEach(async () => {
  sink = await startOtlpSink();
  messages = captureDiagnostics();
  resetReported();
});
afterEach(async () => {
  await delivery?.shutdown();
  delivery = undefined;
  await sink.close();
  resetSettings();
  diag.disable();
  delete process.env['OTEL_BSP_MAX_QUEUE_SIZE'];
});

function provide(options: Options = {}): void {
  applyOptions({ durability: 'memory', ...options }, {});
  delivery = createOtlpDelivery(
    currentSettings(),
    endpointTarget(resolvedSettings(), `${sink.url}/v1/traces`),
  );
  provider = new NodeTracerProvider({ spanProcessors: [new SpoorSpanProcessor({ masks: false }), delivery] });
  setProviderStarter(() => provider);
}

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
const named = (name: string): SinkSpan | undefined => sink.spans.find((span) => span.name === name);

const runSession = async (id: string, user: string): Promise<void> =>
  withSession({ id, name: id, userId: user }, async () => {
    for (let index = 0; index < 20; index += 1) {
      await withStep({ name: `${id}-${index}` }, async () => {
        await turn();
        startObservation({ name: `work of ${id}` }).end();
      });
    }
  });

describe('traps that others fell into', () => {
  it('two sessions in parallel under batching', async () => {
    provide();
    await Promise.all([runSession('a', 'ann'), runSession('b', 'bob')]);
    await delivery?.drain(5000);
    expect(sink.requests).toHaveLength(1);
    expect(sink.spans).toHaveLength(82);
    for (const id of ['a', 'b']) {
      const own = sink.spans.filter((span) => span.attributes['session.id'] === id);
      expect(own).toHaveLength(41);
      expect(new Set(own.map((span) => span.traceId)).size).toBe(1);
      expect(new Set(own.map((span) => span.attributes['user.id']))).toEqual(
        new Set([id === 'a' ? 'ann' : 'bob']),
      );
      expect(
        own.every(
          ({ name }) =>
            name === `session ${id}` || name === `work of ${id}` || name.startsWith(`step ${id}-`),
        ),
      ).toBe(true);
    }
  });

  it('sessions mixed because context was read at export', async () => {
    provide();
    await withSession({ id: 'first' }, async () => {
      // A span of the app, which ends outside of any session and is exported inside of another one.
      const foreign = provider.getTracer('http').startSpan('GET /');
      await turn();
      setImmediate(() => foreign.end());
    });
    await withSession({ id: 'second' }, async () => {
      await turn();
      await turn();
      await delivery?.drain(5000);
    });
    expect(named('GET /')?.attributes['session.id']).toBe('first');
  });

  it('mask that throws', async () => {
    provide({
      mask: (text) => {
        if (text.includes('Jane')) throw new Error(`cannot mask ${text}`);
        return text;
      },
    });
    const work = startObservation({ name: 'work', input: 'for Jane', output: 'for Joe' });
    work.end();
    await delivery?.drain(5000);
    expect(named('work')?.attributes).toMatchObject({
      'spoor.observation.input': MASK_FAILED,
      'spoor.observation.output': 'for Joe',
    });
    expect(messages).toEqual([expect.not.stringContaining('Jane')]);
  });

  it('configure failing half-way', async () => {
    app.write(
      'half.mjs',
      `import { configure, startObservation } from 'spoor';
       const spoor = configure({ endpoint: process.env.SINK, serviceName: 'first' });
       for (const wrong of [{ serviceName: 'second', limits: { depth: -1 } }, { serviceName: 'third', endpont: 'x' }]) {
         try { configure(wrong); } catch (error) { console.log(error.code); }
       }
       startObservation({ name: 'x' }).end();
       await spoor.flush();`,
    );
    const { stdout } = await app.run('half.mjs', { env: { SINK: sink.url } });
    expect(stdout).toBe('SPOOR_OPTION_INVALID\nSPOOR_OPTION_UNKNOWN\n');
    expect(sink.spans.map((span) => span.resource['service.name'])).toEqual(['first']);
  });

  it('queue overflow uncounted', async () => {
    process.env['OTEL_BSP_MAX_QUEUE_SIZE'] = '10';
    provide();
    for (let index = 0; index < 25; index += 1) startObservation({ name: 'x' }).end();
    const counts = await delivery?.drain(5000);
    expect(counts).toMatchObject({ delivered: 10, dropped: 15, pending: 0 });
    expect(messages).toHaveLength(1);
  });

  it('one item of a batch failing', async () => {
    provide();
    startObservation({ name: 'before' }).end();
    delivery?.onEnd(unreadable());
    startObservation({ name: 'after' }).end();
    await delivery?.drain(5000);
    expect(sink.spans.map((span) => span.name).toSorted()).toEqual([MASK_FAILED, 'after', 'before']);
    expect(delivery?.counts()).toMatchObject({ delivered: 3, rejected: 0, pending: 0 });
    expect(messages).toEqual([expect.stringContaining('without its texts')]);
  });

  it('one item of a batch failing at the receiver', async () => {
    sink.answers.push({ status: 413 }, { status: 200 }, { status: 413 });
    provide();
    for (const name of ['a', 'b', 'c']) startObservation({ name }).end();
    await delivery?.drain(5000);
    expect(sink.spans.map((span) => span.name)).toEqual(['a', 'b']);
    expect(delivery?.counts()).toMatchObject({ delivered: 2, rejected: 1, pending: 0 });
  });

  it.each(['process.exit(0)', 'setTimeout(() => process.exit(3), 9)', 'queueMicrotask(() => { throw 1; })'])(
    'exit within 10 ms of the last span: %s',
    async (ending) => {
      app.write(
        'exit.mjs',
        `import { withSession, startObservation } from 'spoor';
         withSession({ name: 'short' }, () => startObservation({ name: 'last' }).end());
         ${ending}`,
      );
      await app.run('exit.mjs', { env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url } });
      await sink.until(({ spans }) => spans.length >= 2);
      expect(sink.spans.map((span) => span.name)).toEqual(['last', 'session short']);
    },
  );

  it('init twice', async () => {
    app.write(
      'twice.mjs',
      `import { init, startObservation } from 'spoor';
       const names = ['beforeExit', 'exit', 'SIGINT', 'SIGTERM', 'uncaughtExceptionMonitor'];
       const listeners = () => names.map((name) => process.listenerCount(name)).join();
       const first = init({ endpoint: process.env.SINK });
       startObservation({ name: 'a' }).end();
       const before = listeners();
       const second = init({ endpoint: process.env.SINK });
       startObservation({ name: 'b' }).end();
       console.log(first === second, before === listeners());`,
    );
    const { stdout } = await app.run('twice.mjs', { env: { SINK: sink.url } });
    expect(stdout).toBe('true true\n');
    expect(sink.spans.map((span) => span.name)).toEqual(['a', 'b']);
  });
});

/** A span of some other library, whose attributes cannot be read. */
function unreadable(): ReadableSpan {
  const span = provider.getTracer('odd').startSpan('odd') as unknown as ReadableSpan;
  return new Proxy(span, {
    get: (target, key) => {
      if (key === 'attributes') throw new TypeError('not to be read');
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
