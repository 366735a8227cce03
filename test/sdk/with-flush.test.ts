import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { applyOptions, resetSettings, currentSettings, resolvedSettings } from '../../src/config/settings.js';
import { endpointTarget } from '../../src/config/targets.js';
import { createOtlpDelivery } from '../../src/sdk/exporter.js';
import { addDelivery, shutDownAll } from '../../src/sdk/process-end.js';
import { withFlush } from '../../src/sdk/with-flush.js';
import { startOtlpSink, type OtlpSink } from '../support/otlp-sink.js';

let sink: OtlpSink;
let provider: NodeTracerProvider;

beforeEach(async () => {
  sink = await startOtlpSink();
  applyOptions({}, {});
  const delivery = createOtlpDelivery(
    currentSettings(),
    endpointTarget(resolvedSettings(), `${sink.url}/v1/traces`),
  );
  addDelivery(delivery);
  provider = new NodeTracerProvider({ spanProcessors: [delivery] });
});
afterEach(async () => {
  await shutDownAll(1000);
  resetSettings();
  await sink.close();
});

function work(name: string): void {
  provider.getTracer('t').startSpan(name).end();
}
function greet(this: unknown): unknown {
  return (this as { greeting: string }).greeting;
}
const names = (): string[] => sink.spans.map((span) => span.name);

describe('withFlush', () => {
  it('settles after the spans were sent, with what the handler gave', async () => {
    const handler = withFlush(async (event: { id: number }) => {
      work('one');
      return event;
    });
    const event = { id: 1 };
    expect(await handler(event)).toBe(event);
    expect(names()).toEqual(['one']);
  });

  it('rejects with the error of the handler, after the spans were sent', async () => {
    const error = new Error('mine');
    const handler = withFlush(async () => {
      work('one');
      throw error;
    });
    await expect(handler()).rejects.toBe(error);
    expect(names()).toEqual(['one']);
  });

  it('calls back after the spans were sent, in the older form of Lambda', async () => {
    const handler = withFlush(
      (_event: string, _context: object, callback: (error: Error | null, result: string) => void) => {
        work('one');
        callback(null, 'done');
      },
    );
    expect(handler).toHaveLength(3);
    const seen = await new Promise((resolve) =>
      handler('event', {}, (...result) => resolve([result, names()])),
    );
    expect(seen).toEqual([[null, 'done'], ['one']]);
  });

  it('hands the promise of the handler through and asks the platform to wait, where it can', async () => {
    const waited: Promise<void>[] = [];
    const requests: string[] = [];
    const answer = Promise.resolve('answer');
    const handler = withFlush(
      (_request: string) => {
        work('one');
        return answer;
      },
      {
        waitUntil: (flushed, [request]) => {
          waited.push(flushed);
          requests.push(request);
        },
      },
    );
    expect(handler('r')).toBe(answer);
    expect(requests).toEqual(['r']);
    await waited[0];
    expect(names()).toEqual(['one']);
  });

  it('keeps the handler name, its this, and a synchronous answer', () => {
    const owner = { greeting: 'hello', greet: withFlush(greet) };
    expect([owner.greet(), owner.greet.name]).toEqual(['hello', 'greet']);
  });

  it('does not let a platform that fails reach the program', async () => {
    const handler = withFlush(async () => 'fine', {
      waitUntil: () => {
        throw new Error('no request is under way');
      },
    });
    expect(await handler()).toBe('fine');
  });
});
