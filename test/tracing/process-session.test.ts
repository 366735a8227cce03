import { ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runInContext } from '../../src/tracing/active-context.js';
import { endOpenWork } from '../../src/tracing/ending.js';
import { setProcessSession } from '../../src/tracing/process-session.js';
import { currentSession, withSession } from '../../src/tracing/sessions.js';
import { startSpan } from '../../src/tracing/start-span.js';
import { parentOf, recordSpans, type RecordedSpans } from '../support/recorded-spans.js';

let spans: RecordedSpans;
beforeEach(() => {
  spans = recordSpans();
});
afterEach(() => setProcessSession(undefined));

describe('a session for the whole process', () => {
  it('takes in what is in no session of its own, in one trace', async () => {
    setProcessSession('job');
    startSpan('first').end();
    await new Promise(setImmediate);
    startSpan('second').end();
    endOpenWork({ reason: 'exit', exitCode: 0 });

    const session = spans.named('session job');
    for (const name of ['first', 'second']) {
      expect(parentOf(spans.named(name))).toBe(session.spanContext().spanId);
      expect(spans.named(name).attributes['session.id']).toBe(session.attributes['session.id']);
    }
    expect(session.attributes).toMatchObject({
      'spoor.session.name': 'job',
      'spoor.session.end_reason': 'exit',
      'spoor.session.exit_code': 0,
    });
  });

  it('takes in what is inside a span of the app, which stays the parent', () => {
    setProcessSession('job');
    const request = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: TraceFlags.SAMPLED };
    runInContext(trace.setSpanContext(ROOT_CONTEXT, request), () => startSpan('inside').end());
    endOpenWork({ reason: 'exit', exitCode: 0 });
    const inside = spans.named('inside');
    expect(inside.attributes['session.id']).toBe(spans.named('session job').attributes['session.id']);
    expect(parentOf(inside)).toBe(request.spanId);
  });

  it('never opens in a program that names its own sessions', () => {
    setProcessSession('job');
    withSession({ name: 'own' }, () => startSpan('inside').end());
    endOpenWork({ reason: 'exit', exitCode: 0 });
    expect(spans.all().map((span) => span.name)).toEqual(['inside', 'session own']);
  });

  it('is the current session, and does not come back once the program ended it', () => {
    setProcessSession('job');
    const session = currentSession();
    session?.end({ isSuccessful: true });
    startSpan('later').end();
    expect(session?.id).toBe(spans.named('session job').attributes['session.id']);
    expect(spans.named('later').attributes['session.id']).toBeUndefined();
    expect(currentSession()).toBeUndefined();
  });
});
