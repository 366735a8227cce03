import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diag, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { provideLateModules } from '../../../src/late-modules.js';
import {
  createEvent,
  createStep,
  endSession,
  endStep,
  score,
  startObservation,
  startSession,
  updateStep,
  withObservation,
  withSession,
} from '../../../src/index.js';
import { applyOptions, currentSettings, resetSettings } from '../../../src/config/settings.js';
import { createSpanMasker } from '../../../src/sdk/mask-span.js';
import type { SpanDelivery } from '../../../src/sdk/span-delivery.js';
import { SpoorSpanProcessor } from '../../../src/sdk/span-processor.js';
import { createFileStorage } from '../../../src/sdk/storage/file-storage.js';
import { resetReported } from '../../../src/tracing/diag.js';
import { currentTracer, setJoinHandler, setProviderStarter } from '../../../src/tracing/provider.js';
import { captureDiagnostics } from '../../support/captured-diagnostics.js';
import { readTraceFiles, type TraceLine } from '../../support/trace-files.js';

provideLateModules();

let folder: string;
let storage: SpanDelivery;
let messages: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spoor-files-'));
  messages = captureDiagnostics();
  resetReported();
  storage = createFileStorage(
    folder,
    createSpanMasker(() => currentSettings().mask),
  );
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'svc' }),
    spanProcessors: [new SpoorSpanProcessor(), storage],
  });
  setJoinHandler(undefined);
  setProviderStarter(() => provider);
});
afterEach(async () => {
  await storage.shutdown();
  setProviderStarter(undefined);
  resetSettings();
  diag.disable();
  rmSync(folder, { recursive: true, force: true });
});

const ID = expect.stringMatching(/^[0-9a-f]{16}$/) as string;
const TRACE_ID = expect.stringMatching(/^[0-9a-f]{32}$/) as string;
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
const TIMES = { start_time: TIME, end_time: TIME, duration_ms: expect.any(Number) as number };

async function written(): Promise<{ traces: TraceLine[]; observations: TraceLine[] }> {
  await storage.drain(0);
  return readTraceFiles(folder);
}

describe('the files', () => {
  it('hold a trace and its observations under the documented names', async () => {
    withObservation(
      { type: 'agent', name: 'helper', input: { question: 'why?' }, tags: ['a'], metadata: { team: 'core' } },
      (agent) => {
        withObservation({ type: 'tool', name: 'search', input: ['spoor'] }, (tool) =>
          tool.update({ output: 'found', level: 'WARNING' }),
        );
        const call = startObservation({ type: 'generation', model: 'model-1', input: 'hi' });
        call.end({ output: 'ho', usage: { inputTokens: 3, outputTokens: 4 }, cost: 0.5 });
        agent.update({ output: 'because' });
      },
    );
    const { traces, observations } = await written();
    const [tool, call, agent] = observations;
    expect(observations).toEqual([
      {
        id: ID,
        trace_id: TRACE_ID,
        parent_id: agent?.['id'],
        type: 'TOOL',
        name: 'search',
        input: ['spoor'],
        output: 'found',
        level: 'warning',
        ...TIMES,
        metadata: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' },
      },
      {
        id: ID,
        trace_id: TRACE_ID,
        parent_id: agent?.['id'],
        type: 'GENERATION',
        name: 'chat model-1',
        input: 'hi',
        output: 'ho',
        model: 'model-1',
        usage: { input_tokens: 3, output_tokens: 4, total_tokens: 7 },
        ...TIMES,
        metadata: { 'gen_ai.operation.name': 'chat', 'spoor.cost.total': 0.5 },
      },
      {
        id: ID,
        trace_id: TRACE_ID,
        type: 'AGENT',
        name: 'helper',
        input: { question: 'why?' },
        output: 'because',
        ...TIMES,
        metadata: {
          'gen_ai.operation.name': 'invoke_agent',
          'gen_ai.agent.name': 'helper',
          'spoor.tags': ['a'],
          team: 'core',
        },
      },
    ]);
    expect(new Set([tool, call, agent].map((line) => line?.['trace_id'])).size).toBe(1);
    expect(traces).toEqual([
      {
        trace_id: agent?.['trace_id'],
        ...TIMES,
        status: 'success',
        name: 'helper',
        input: { question: 'why?' },
        output: 'because',
        tags: ['a'],
        metadata: { 'service.name': 'svc', team: 'core' },
      },
    ]);
  });

  it('hold a session as a trace, with its facts', async () => {
    withSession(
      {
        id: 's1',
        name: 'demo',
        task: 'find',
        userId: 'u',
        tags: ['t'],
        experimentId: 'e',
        iteration: 2,
        metadata: { persona: 'novice', run: 7 },
      },
      (session) => {
        createStep({ name: 'look', state: 'start', action: 'search' });
        createEvent({ description: 'said', result: 'yes', isFinished: true });
        endStep();
        session.update({ isSuccessful: true });
      },
    );
    const { traces, observations } = await written();
    expect(traces).toEqual([
      {
        trace_id: TRACE_ID,
        session_id: 's1',
        name: 'demo',
        ...TIMES,
        status: 'success',
        input: 'find',
        tags: ['t'],
        user_id: 'u',
        experiment_id: 'e',
        iteration: 2,
        persona: 'novice',
        metadata: {
          persona: 'novice',
          run: '7',
          'service.name': 'svc',
          'spoor.session.end_reason': 'user',
          'spoor.session.is_successful': true,
        },
      },
    ]);
    const [event, step, session] = observations;
    expect(event).toMatchObject({ type: 'EVENT', input: 'said', output: 'yes', parent_id: step?.['id'] });
    expect(step).toMatchObject({
      type: 'SPAN',
      name: 'step look',
      parent_id: session?.['id'],
      metadata: { 'session.id': 's1', 'spoor.step.action': 'search', 'spoor.step.index': 0 },
    });
    expect(session).toEqual({ id: ID, trace_id: TRACE_ID, type: 'SPAN', name: 'session demo', ...TIMES });
  });

  it('show a run that failed as a trace too', async () => {
    const boom = new TypeError('no luck');
    expect(() =>
      withObservation({ type: 'agent', name: 'helper' }, () => {
        throw boom;
      }),
    ).toThrow(boom);
    const { traces, observations } = await written();
    expect(traces).toMatchObject([{ name: 'helper', status: 'error' }]);
    expect(observations).toMatchObject([
      { type: 'AGENT', error: 'no luck', level: 'error', metadata: { 'error.type': 'TypeError' } },
    ]);
  });

  it('hold late facts as lines that name what they change', async () => {
    startSession({ id: 's2' });
    const step = createStep({ state: 'one' });
    step.end();
    updateStep({ stepId: step.id, evalScore: 0.3 });
    endSession();
    endSession({ sessionId: 's2', isSuccessful: false });
    score({ name: 'quality', value: 1, target: { kind: 'session', id: 'elsewhere' } });
    const { traces, observations } = await written();
    const target = observations.find(({ name }) => name === 'step');
    expect(observations.find(({ amends }) => amends === 'step')).toEqual({
      id: target?.['id'],
      trace_id: target?.['trace_id'],
      amends: 'step',
      target_id: step.id,
      amended_at: TIME,
      metadata: expect.objectContaining({ 'spoor.step.eval_score': 0.3 }) as object,
    });
    expect(traces).toMatchObject([
      { trace_id: target?.['trace_id'], session_id: 's2', status: 'success' },
      {
        trace_id: target?.['trace_id'],
        session_id: 's2',
        amends: 'session',
        target_id: 's2',
        metadata: { 'spoor.session.is_successful': false },
      },
    ]);
    expect(observations.find(({ type }) => type === 'EVALUATION')).toMatchObject({
      name: 'evaluate quality',
      metadata: { 'spoor.score.target_id': 'elsewhere' },
    });
  });

  it('take spans of other libraries, typed by the conventions', async () => {
    const tracer = currentTracer('another');
    const call = tracer?.startSpan('chat m', {
      startTime: new Date('2026-01-02T23:59:59.500Z'),
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'm',
        'gen_ai.response.model': 'm-2',
        'gen_ai.input.messages': '[{"role":"user"}]',
      },
    });
    call?.addEvent('noted', { why: 'x' }, new Date('2026-01-02T23:59:59.600Z'));
    call?.end(new Date('2026-01-03T00:00:00.250Z'));
    const { traces, observations } = await written();
    expect(observations).toEqual([
      {
        id: ID,
        trace_id: TRACE_ID,
        type: 'GENERATION',
        name: 'chat m',
        input: [{ role: 'user' }],
        model: 'm-2',
        start_time: '2026-01-02T23:59:59.500Z',
        end_time: '2026-01-03T00:00:00.250Z',
        duration_ms: 750,
        metadata: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'm',
          'span.events': [{ name: 'noted', time: '2026-01-02T23:59:59.600Z', attributes: { why: 'x' } }],
        },
      },
    ]);
    expect(traces).toMatchObject([{ name: 'chat m', start_time: '2026-01-02T23:59:59.500Z' }]);
    // A record belongs to the UTC day on which it ended.
    expect(readdirSync(folder).toSorted()).toEqual(['observations_20260103.jsonl', 'traces_20260103.jsonl']);
  });

  it('have the part of this process of a trace that another process began', async () => {
    const remote = {
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      traceFlags: TraceFlags.SAMPLED,
      isRemote: true,
    };
    const tracer = currentTracer();
    const parent = tracer?.startSpan('request', {}, trace.setSpanContext(ROOT_CONTEXT, remote));
    tracer?.startSpan('inner', {}, trace.setSpan(ROOT_CONTEXT, parent as NonNullable<typeof parent>)).end();
    parent?.end();
    const { traces, observations } = await written();
    expect(traces).toMatchObject([{ trace_id: remote.traceId, name: 'request' }]);
    expect(observations).toMatchObject([
      { name: 'inner', parent_id: observations[1]?.['id'] },
      { name: 'request', parent_id: remote.spanId },
    ]);
  });

  it('roll over with the day', async () => {
    for (const day of ['2026-02-28', '2026-03-01']) {
      const at = new Date(`${day}T12:00:00Z`);
      currentTracer()?.startSpan('x', { startTime: at }).end(at);
    }
    await written();
    expect(readdirSync(folder).toSorted()).toEqual([
      'observations_20260228.jsonl',
      'observations_20260301.jsonl',
      'traces_20260228.jsonl',
      'traces_20260301.jsonl',
    ]);
  });

  it('pass the mask: keys, patterns and the mask of the user', async () => {
    applyOptions({ mask: (text) => text.replaceAll('Jane', 'X') }, {});
    withSession({ id: 's3', task: 'for Jane', metadata: { api_key: 'k-123' } }, () => {
      startObservation({ name: 'x', input: { password: 'hunter2', author: 'Jane' } }).end();
    });
    const { traces, observations } = await written();
    expect(traces).toMatchObject([{ input: 'for X', metadata: { api_key: '[masked]' } }]);
    expect(observations[0]?.['input']).toEqual({ password: '[masked]', author: 'X' });
    expect(JSON.stringify([traces, observations])).not.toMatch(/Jane|hunter2|k-123/);
  });

  it('are written by themselves soon after the end of a span', async () => {
    startObservation({ name: 'x' }).end();
    await expect.poll(() => readdirSync(folder).length, { timeout: 5000 }).toBe(2);
    expect(readTraceFiles(folder).observations).toHaveLength(1);
  });

  it('are written while a program does not yield', () => {
    for (let index = 0; index < 1000; index += 1) startObservation({ name: `x${index}` }).end();
    expect(readTraceFiles(folder).observations.length).toBeGreaterThan(700);
  });
});

describe('a disk that takes nothing', () => {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');

  it('is reported once, leaves the program alone, and gets the lines once it takes them again', async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'in the way');
    for (const name of ['a', 'b']) {
      expect(withObservation({ name }, () => name)).toBe(name);
      expect(await storage.drain(0)).toMatchObject({ delivered: 0, rejected: 0 });
    }
    expect((await storage.drain(0)).pending).toBe(2);
    expect(messages.filter((message) => message.includes('cannot be written'))).toHaveLength(1);
    rmSync(folder);
    mkdirSync(folder);
    expect(await storage.drain(0)).toMatchObject({ delivered: 2, pending: 0 });
    const { traces, observations } = readTraceFiles(folder);
    expect([traces, observations].map((lines) => lines.map(({ name }) => name))).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it.skipIf(!existsSync('/dev/full'))('may be full for one file only (needs /dev/full)', async () => {
    symlinkSync('/dev/full', join(folder, `traces_${day}.jsonl`));
    startObservation({ name: 'x' }).end();
    expect(await storage.drain(0)).toMatchObject({ delivered: 1, pending: 0 });
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(/traces_\d{8}\.jsonl cannot be written.*ENOSPC/s);
  });

  it.skipIf(process.getuid?.() === 0)(
    'may be one that is not ours (a super-user may write anywhere)',
    async () => {
      chmodSync(folder, 0o500);
      startObservation({ name: 'x' }).end();
      expect((await storage.drain(0)).pending).toBe(1);
      chmodSync(folder, 0o700);
    },
  );

  it('loses spans and counts them once too much waits', async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    const input = 'x'.repeat(250_000);
    for (let index = 0; index < 100; index += 1) startObservation({ name: 'x', input }).end();
    const counts = await storage.drain(0);
    expect(counts.dropped).toBeGreaterThan(0);
    expect(counts.dropped + counts.pending).toBe(100);
    expect(messages.join('\n')).toContain('spans are lost');
  });
});
