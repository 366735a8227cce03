import { afterEach, describe, expect, it } from 'vitest';
import type { Attributes, AttributeValue, LogRecord } from '../../src/otlp/records.js';
import type { Store } from '../../src/store/store.js';
import { chat, span, spanId, T0, traceId } from './spans.js';

interface LogSketch {
  name?: string;
  body?: AttributeValue;
  attributes?: Attributes;
  /** Milliseconds after T0. */
  at?: number;
  span?: number;
  trace?: number;
  scope?: string;
  severity?: number;
}

/** A log record with the few fields that matter to a test. */
export function log(sketch: LogSketch): LogRecord {
  const record: LogRecord = {
    timeUnixNano: BigInt(T0 + (sketch.at ?? 0)) * 1_000_000n,
    observedTimeUnixNano: 0n,
    severityNumber: sketch.severity ?? 0,
    body: sketch.body ?? null,
    attributes: sketch.attributes ?? {},
    resource: { attributes: { 'service.name': 'svc' } },
    scope: { name: sketch.scope ?? 'test' },
  };
  if (sketch.name !== undefined) record.eventName = sketch.name;
  if (sketch.span !== undefined || sketch.trace !== undefined) record.traceId = traceId(sketch.trace ?? 1);
  if (sketch.span !== undefined) record.spanId = spanId(sketch.span);
  return record;
}

const claude = (name: string, at: number, attributes: Attributes): LogRecord =>
  log({
    at,
    scope: 'com.anthropic.claude_code.events',
    body: `claude_code.${name}`,
    attributes: { 'event.name': name, 'session.id': 'cc', 'prompt.id': 'p1', ...attributes },
  });

/** What every store must do with log records. `open` gives an empty one. */
export function describeLogs(name: string, open: (options: { now: () => number }) => Promise<Store>): void {
  describe(`log records in ${name}`, () => {
    const stores: Store[] = [];
    afterEach(async () => {
      for (const store of stores.splice(0)) await store.close();
    });
    const openStore = async (): Promise<Store> => {
      let clock = T0;
      const store = await open({ now: () => clock++ });
      stores.push(store);
      return store;
    };

    it('are kept whole, in order of time, at the place of their span', async () => {
      const store = await openStore();
      await store.append([
        chat({ id: 1, end: 50, attributes: { 'session.id': 's', 'spoor.step.id': 'a' } }),
        span({ id: 2, trace: 2, attributes: { 'session.id': 'other' } }),
      ]);
      const long = 'x'.repeat(2000);
      const change = await store.appendLogs([
        log({ at: 9, span: 1, body: long, severity: 17, attributes: { code: 7, note: long } }),
        log({ at: 3, trace: 1, body: { a: [1, { b: null }] } }),
        log({ at: 5, attributes: { 'session.id': 's' }, name: 'retry' }),
        log({ at: 1, body: 'nobody' }),
        log({ at: 2, span: 2, trace: 2, body: 'elsewhere' }),
      ]);
      expect(change).toEqual({
        sessionIds: expect.arrayContaining(['s', 'other']) as string[],
        traceIds: expect.arrayContaining([traceId(1), traceId(2)]) as string[],
        spanCount: 0,
      });
      const id = expect.stringMatching(/^[0-9a-f]{32}$/) as string;
      const common = { id, scope: 'test', serviceName: 'svc' };
      const ofTrace = { ...common, timeMs: T0 + 3, traceId: traceId(1), body: { a: [1, { b: null }] } };
      const ofSpan = {
        ...common,
        timeMs: T0 + 9,
        traceId: traceId(1),
        spanId: spanId(1),
        sessionId: 's',
        stepId: 'a',
        severityNumber: 17,
        body: long,
        attributes: { code: 7, note: long },
      };
      const stated = {
        ...common,
        timeMs: T0 + 5,
        name: 'retry',
        sessionId: 's',
        attributes: { 'session.id': 's' },
      };
      expect(await store.logs({ sessionId: 's' })).toEqual({ items: [ofTrace, stated, ofSpan] });
      expect(await store.logs({ traceId: traceId(1) })).toEqual({ items: [ofTrace, ofSpan] });
      expect(await store.logs({ traceId: traceId(1), spanId: spanId(1) })).toEqual({ items: [ofSpan] });
      expect((await store.logs()).items).toHaveLength(5);
      expect(await store.stats()).toMatchObject({ spans: 2, logs: 5 });
    });

    it('are listed in pages', async () => {
      const store = await openStore();
      await store.appendLogs([0, 1, 1, 2, 3].map((at, i) => log({ at, trace: 1, body: i })));
      const bodies: unknown[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.logs({
          traceId: traceId(1),
          limit: 2,
          ...(cursor === undefined ? {} : { cursor }),
        });
        bodies.push(...page.items.map(({ body }) => body));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect([bodies.length, new Set(bodies)]).toEqual([5, new Set([0, 1, 2, 3, 4])]);
      expect([bodies[0], bodies[3], bodies[4]]).toEqual([0, 3, 4]);
    });

    it('that come again are one, and equal ones of a request are several', async () => {
      const store = await openStore();
      const request = [log({ body: 'retrying' }), log({ body: 'retrying' }), log({ body: 'gave up' })];
      await store.appendLogs(request);
      const again = await store.appendLogs(request);
      expect(again).toEqual({ sessionIds: [], traceIds: [], spanCount: 0 });
      const said = (await store.logs()).items.map(({ body }) => body);
      expect(said.filter((body) => body === 'retrying')).toHaveLength(2);
      expect(said).toHaveLength(3);
    });

    const details = log({
      span: 1,
      name: 'gen_ai.client.inference.operation.details',
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'm-1',
        'gen_ai.usage.input_tokens': 30,
        'gen_ai.usage.output_tokens': 4,
        'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }]),
        'gen_ai.output.messages': JSON.stringify([
          { role: 'assistant', parts: [{ type: 'text', content: 'Hello' }], finish_reason: 'stop' },
        ]),
      },
    });
    const bare = span({ id: 1, end: 9, attributes: { 'session.id': 's' } });

    it.each([
      ['after', [[bare], [details]]],
      ['before', [[details], [bare]]],
    ] as const)(
      'that hold the details of a call, %s its span: messages and usage are those of the span',
      async (_when, batches) => {
        const store = await openStore();
        for (const [first] of batches) {
          if ('body' in first) await store.appendLogs([first]);
          else await store.append([first]);
        }
        const expected = {
          type: 'GENERATION',
          requestModel: 'm-1',
          inputMessages: [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }],
          outputMessages: [
            { role: 'assistant', parts: [{ type: 'text', content: 'Hello' }], finish_reason: 'stop' },
          ],
          usage: { input: 30, output: 4 },
          sessionId: 's',
        };
        expect(await store.observation(traceId(1), spanId(1))).toMatchObject(expected);
        expect(await store.session('s')).toMatchObject({
          usage: { input: 30, output: 4 },
          generationCount: 1,
        });
        // What was received stays what it was.
        expect(await store.rawSpans(traceId(1))).toEqual([bare]);
        await store.reindex();
        expect(await store.observation(traceId(1), spanId(1))).toMatchObject(expected);
        expect(await store.session('s')).toMatchObject({ usage: { input: 30, output: 4 } });
      },
    );

    it('that repeat what a span says change nothing in it', async () => {
      const store = await openStore();
      await store.append([chat({ id: 1, model: 'own', input: 100, output: 10 })]);
      await store.appendLogs([details]);
      expect(await store.observation(traceId(1), spanId(1))).toMatchObject({
        requestModel: 'own',
        usage: { input: 100, output: 10 },
      });
    });

    it('of one message each become the messages of their span, in order', async () => {
      const store = await openStore();
      await store.append([chat({ id: 1, end: 20 })]);
      await store.appendLogs([
        log({
          at: 9,
          span: 1,
          name: 'gen_ai.choice',
          body: { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Four.' } },
        }),
        log({ at: 2, span: 1, name: 'gen_ai.user.message', body: { content: 'Two and two?' } }),
        log({
          at: 1,
          span: 1,
          attributes: { 'event.name': 'gen_ai.system.message' },
          body: { content: 'Be brief.' },
        }),
      ]);
      expect(await store.observation(traceId(1), spanId(1))).toMatchObject({
        inputMessages: [
          { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
          { role: 'user', parts: [{ type: 'text', content: 'Two and two?' }] },
        ],
        outputMessages: [
          { role: 'assistant', parts: [{ type: 'text', content: 'Four.' }], finish_reason: 'stop' },
        ],
      });
    });

    it('that are evaluations become scores: of their span, or of the session that they name', async () => {
      const store = await openStore();
      const evaluation = { 'gen_ai.evaluation.name': 'relevance', 'gen_ai.evaluation.score.value': 0.8 };
      await store.append([chat({ id: 1, attributes: { 'session.id': 's' } })]);
      await store.appendLogs([
        log({ span: 1, name: 'gen_ai.evaluation.result', attributes: evaluation }),
        log({ at: 5, name: 'gen_ai.evaluation.result', attributes: { ...evaluation, 'session.id': 's' } }),
      ]);
      const [first, second, ...rest] = await store.observations('s');
      expect(first?.scores).toEqual([
        { name: 'relevance', value: 0.8, target: { kind: 'observation', id: spanId(1) } },
      ]);
      expect(second).toMatchObject({
        type: 'EVALUATION',
        scores: [{ name: 'relevance', value: 0.8, target: { kind: 'session', id: 's' } }],
      });
      expect(rest).toEqual([]);
    });

    it('of Claude Code become a session: prompt, calls with cost and tokens, tools', async () => {
      const store = await openStore();
      const request = [
        claude('user_prompt', 0, { prompt: 'Fix the test', prompt_length: 12 }),
        claude('api_request', 1500, {
          model: 'claude-opus',
          cost_usd: 0.25,
          duration_ms: '1200',
          input_tokens: 10,
          cache_read_tokens: 90,
          cache_creation_tokens: 5,
          output_tokens: 7,
        }),
        claude('tool_result', 2000, {
          tool_name: 'Bash',
          success: 'false',
          error: 'exit 1',
          duration_ms: 300,
          tool_input: '{"command":"npm test"}',
        }),
        claude('tool_decision', 1900, { tool_name: 'Bash', decision: 'accept' }),
      ];
      expect(await store.appendLogs(request)).toMatchObject({ sessionIds: ['cc'], spanCount: 3 });
      expect((await store.appendLogs(request)).spanCount).toBe(0);
      const expected = [
        { type: 'EVENT', name: 'user prompt', input: 'Fix the test', startMs: T0, endMs: T0 },
        {
          type: 'GENERATION',
          requestModel: 'claude-opus',
          cost: 0.25,
          usage: { input: 10, cacheRead: 90, cacheWrite: 5, output: 7 },
          startMs: T0 + 300,
          endMs: T0 + 1500,
        },
        {
          type: 'TOOL',
          status: 'error',
          statusMessage: 'exit 1',
          tool: { name: 'Bash', arguments: { command: 'npm test' } },
          startMs: T0 + 1700,
        },
      ];
      expect(await store.observations('cc')).toMatchObject(expected);
      expect(await store.session('cc')).toMatchObject({
        cost: 0.25,
        usage: { input: 10, cacheRead: 90, cacheWrite: 5, output: 7, total: 112 },
        generationCount: 1,
        toolCount: 1,
      });
      expect((await store.logs({ sessionId: 'cc' })).items).toHaveLength(4);
      await store.reindex();
      expect(await store.observations('cc')).toMatchObject(expected);
    });

    it('of Claude Code within a span are part of it: its call gets the cost', async () => {
      const store = await openStore();
      await store.append([
        span({ id: 1, name: 'claude_code.llm_request', attributes: { 'session.id': 'cc' } }),
      ]);
      const event = claude('api_request', 5, { model: 'm', cost_usd: 0.5 });
      await store.appendLogs([{ ...event, traceId: traceId(1), spanId: spanId(1) }]);
      expect((await store.observations('cc')).map(({ cost }) => cost)).toEqual([0.5]);
      expect(await store.session('cc')).toMatchObject({ cost: 0.5, observationCount: 1 });
    });
  });
}
