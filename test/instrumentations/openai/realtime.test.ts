import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { OpenAIRealtimeWebSocket } from 'openai/realtime/websocket';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wrap } from '../../../instrumentations/openai/index.js';
import { RealtimeSession } from '../../../instrumentations/openai/realtime-session.js';
import { SocketCalls } from '../../../instrumentations/openai/socket-calls.js';
import { setContentPolicy } from '../../../src/config/content-policy.js';
import { endOpenCalls } from '../../../src/instrument/open-calls.js';
import { setProviderStarter } from '../../../src/tracing/provider.js';
import { recordSpans, type RecordedSpans } from '../../support/recorded-spans.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const used = (): number => {
  collect();
  return process.memoryUsage().heapUsed;
};

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

const URL_OF_SESSION = new URL('wss://api.openai.com/v1/realtime?model=gpt-test&api-key=secret');
const CLIENT = { baseURL: 'https://api.openai.com' };
const calls = (): SocketCalls => new SocketCalls(new RealtimeSession(URL_OF_SESSION), CLIENT, 'test');
const created = (id: string, extra: object = {}): Record<string, unknown> => ({
  type: 'response.created',
  response: { id, status: 'in_progress', output: [], ...extra },
});
const done = (id: string, extra: object = {}): Record<string, unknown> => ({
  type: 'response.done',
  response: { id, status: 'completed', output: [], ...extra },
});
const ask = (extra: object = {}): Record<string, unknown> => ({ type: 'response.create', ...extra });
const outcomes = (): unknown[] =>
  spans.all().map(({ attributes }) => [attributes['gen_ai.response.id'], attributes['spoor.outcome']]);

describe('the responses of a Realtime connection', () => {
  it('are known by the order in which they were asked for, or by their metadata', () => {
    const connection = calls();
    connection.sends(ask({ response: { metadata: { n: '1' }, max_output_tokens: 1 } }));
    connection.sends(ask({ response: { metadata: { n: '2' }, max_output_tokens: 2 } }));
    connection.sends(ask({ response: { max_output_tokens: 3 } }));
    connection.receives(created('r2', { metadata: { n: '2' } }));
    connection.receives(created('r1', { metadata: { n: '1' } }));
    connection.receives(created('r3'));
    for (const id of ['r3', 'r1', 'r2']) connection.receives(done(id));
    expect(
      spans
        .all()
        .map(({ attributes }) => [attributes['gen_ai.response.id'], attributes['gen_ai.request.max_tokens']]),
    ).toEqual([
      ['r3', 3],
      ['r1', 1],
      ['r2', 2],
    ]);
  });

  it('says of an unmeant error nothing, and of one that names the event the reason', () => {
    const connection = calls();
    connection.sends(ask({ event_id: 'mine' }));
    connection.sends({ type: 'input_audio_buffer.commit' });
    connection.receives({ type: 'error', error: { code: 'a', message: 'other', event_id: 'another' } });
    connection.receives({ type: 'error', error: { code: 'b', message: 'unnamed', event_id: null } });
    expect(spans.all()).toEqual([]);
    connection.receives({ type: 'error', error: { code: 'c', message: 'meant', event_id: 'mine' } });
    expect(spans.all().map(({ attributes, status }) => [attributes['error.type'], status.message])).toEqual([
      ['c', 'meant'],
    ]);
  });

  it('that are never said to be over do not pile up, nor do those that never begin', () => {
    const connection = calls();
    for (let at = 0; at < 100; at += 1) connection.receives(created(`r${at}`));
    for (let at = 0; at < 100; at += 1) connection.sends(ask());
    expect(outcomes().length).toBe(200 - 2 * 32);
    connection.closed(1006);
    expect(
      spans.all().filter(({ attributes }) => attributes['error.type'] === 'connection_closed').length,
    ).toBe(64);
    expect(spans.all().length).toBe(200);
  });

  it('leave nothing of what the key is', () => {
    const connection = calls();
    connection.sends(ask());
    connection.closed(1000);
    expect(JSON.stringify(spans.all().map(({ attributes }) => attributes))).not.toContain('secret');
  });

  it('keep no more of a session than the next response needs', () => {
    const connection = calls();
    const sound = Buffer.alloc(20_000, 7).toString('base64');
    const turn = (at: number): void => {
      connection.sends({ type: 'input_audio_buffer.append', audio: `${at}${sound}` });
      connection.receives({ type: 'input_audio_buffer.committed', item_id: `i${at}` });
      connection.receives({
        type: 'conversation.item.added',
        item: {
          id: `i${at}`,
          type: 'message',
          role: 'user',
          content: [{ type: 'input_audio', transcript: null }],
        },
      });
      connection.sends({
        type: 'conversation.item.create',
        item: { type: 'message', role: 'user', content: [{ type: 'input_audio', audio: `${at}${sound}` }] },
      });
      connection.receives(created(`r${at}`));
      connection.receives({
        type: 'response.output_audio.delta',
        response_id: `r${at}`,
        delta: `${at}${sound}`,
      });
      connection.receives(done(`r${at}`));
    };
    // Nobody keeps the spans that have ended.
    const provider = new NodeTracerProvider();
    setProviderStarter(() => provider);
    const many = (count: number, from: number): void => {
      for (let at = 0; at < count; at += 1) turn(from + at);
    };
    many(200, 0);
    const before = used();
    many(2000, 200);
    // Forty megabytes of sound have gone by.
    expect(used() - before).toBeLessThan(2_000_000);
  });

  it('keeps nothing of what is said when content is not captured', () => {
    setContentPolicy(false);
    const connection = calls();
    connection.sends({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [] },
    });
    connection.sends(ask());
    connection.receives(created('r1'));
    connection.receives({ type: 'response.output_text.delta', response_id: 'r1', delta: 'Hello' });
    connection.receives(
      done('r1', { output: [{ type: 'message', content: [{ type: 'text', text: 'Hello' }] }] }),
    );
    const [span] = spans.all();
    expect(Object.keys(span?.attributes ?? {}).filter((key) => key.endsWith('.messages'))).toEqual([]);
  });

  it('says of an item that was taken back nothing', () => {
    const connection = calls();
    const item = {
      id: 'i1',
      type: 'message',
      role: 'user',
      content: [{ type: 'input_text', text: 'Wait.' }],
    };
    connection.sends({ type: 'conversation.item.create', item });
    connection.receives({ type: 'conversation.item.added', item });
    connection.sends({ type: 'conversation.item.delete', item_id: 'i1' });
    connection.receives(created('r1'));
    connection.receives(done('r1'));
    expect(spans.all()[0]?.attributes['gen_ai.input.messages']).toBeUndefined();
  });
});

/** A socket that the test speaks for. */
class ScriptedSocket extends EventTarget {
  readyState = 1;
  readonly sent: unknown[] = [];
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }
  says(event: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(event) }));
  }
}

describe('wrap', () => {
  it('traces a connection without hooks, and returns it', () => {
    const native = globalThis.WebSocket;
    globalThis.WebSocket = ScriptedSocket as never;
    try {
      const connection = new OpenAIRealtimeWebSocket(
        { model: 'gpt-test' },
        {
          apiKey: 'any',
          baseURL: 'http://127.0.0.1:9/v1',
        },
      );
      expect(wrap(wrap(connection))).toBe(connection);
      const socket = connection.socket as unknown as ScriptedSocket;
      connection.send({ type: 'response.create' });
      socket.says(created('r1'));
      socket.says(done('r1'));
      connection.send({ type: 'response.create' });
      connection.close();
      expect(socket.sent).toEqual([{ type: 'response.create' }, { type: 'response.create' }]);
    } finally {
      globalThis.WebSocket = native;
    }
    expect(outcomes()).toEqual([
      ['r1', 'completed'],
      [undefined, 'cancelled'],
    ]);
  });
});
