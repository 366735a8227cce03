import type { Observation } from '../../semconv/model/observation.js';
import type { Session } from '../../semconv/model/session.js';
import type { Step } from '../../semconv/model/step.js';
import type { SessionResponse } from '../../src/server/api-types.js';

const T0 = Date.UTC(2026, 2, 1, 9, 30, 0);
const TRACE = 'a'.repeat(32);
const usage = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0, total: 0 };

export function makeSession(fields: Partial<Session> = {}): Session {
  return {
    id: 'session-0001',
    implicit: false,
    status: 'ok',
    startMs: T0,
    endMs: T0 + 12_400,
    updatedMs: T0 + 13_000,
    traceIds: [TRACE],
    models: [],
    stepCount: 0,
    observationCount: 0,
    generationCount: 0,
    toolCount: 0,
    errorCount: 0,
    usage,
    ...fields,
  };
}

export function makeStep(fields: Partial<Step> = {}): Step {
  return {
    id: 'step-0',
    sessionId: 'session-0001',
    name: 'step',
    index: 0,
    implicit: false,
    status: 'unset',
    startMs: T0,
    endMs: T0 + 1_000,
    observationCount: 0,
    usage,
    ...fields,
  };
}

export function makeObservation(fields: Partial<Observation> = {}): Observation {
  return {
    id: '0000000000000001',
    traceId: TRACE,
    type: 'SPAN',
    name: 'work',
    dialect: 'plain',
    startMs: T0,
    endMs: T0 + 100,
    status: 'unset',
    ...fields,
  };
}

/** An agent that looks an order up, asks the same thing three times, and fails. */
export function stuckTrail(): SessionResponse {
  const lookup = (at: number): Observation =>
    makeObservation({
      id: `000000000000001${at}`,
      stepId: 'step-1',
      type: 'TOOL',
      name: 'execute_tool find_order',
      tool: { name: 'find_order', arguments: { order: 1001 }, result: { state: 'unknown' } },
      startMs: T0 + 2_000 + at * 100,
      endMs: T0 + 2_034 + at * 100,
      status: 'ok',
    });
  return {
    session: makeSession({
      name: 'support-agent',
      agentName: 'support',
      task: 'Refund order 1001\nand say sorry',
      userId: 'ann',
      status: 'error',
      statusMessage: 'gave up',
      isSuccessful: false,
      isSuccessfulReason: 'the order was never found',
      endReason: 'SIGTERM',
      exitCode: 143,
      eval: 2,
      evalReason: 'polite but stuck',
      models: ['gpt-4o-mini'],
      stepCount: 2,
      observationCount: 6,
      generationCount: 2,
      toolCount: 3,
      errorCount: 1,
      usage: { input: 8_204, cacheRead: 4_096, cacheWrite: 0, output: 900, reasoning: 300, total: 13_500 },
      cost: 0.0123,
    }),
    steps: [
      makeStep({
        name: 'plan',
        goal: 'Find out what is asked',
        state: 'start',
        action:
          'Read the mail of the customer, which is long and goes on beyond the right edge of any usual screen',
        status: 'ok',
        endMs: T0 + 1_200,
      }),
      makeStep({
        id: 'step-1',
        index: 1,
        name: 'look up',
        status: 'error',
        statusMessage: 'no order',
        startMs: T0 + 2_000,
        endMs: T0 + 12_000,
        evalScore: 'poor',
        evalDescription: 'asked three times',
      }),
    ],
    observations: [
      makeObservation({
        stepId: 'step-0',
        type: 'AGENT',
        name: 'invoke_agent support',
        endMs: T0 + 1_150,
        status: 'ok',
      }),
      makeObservation({
        id: '0000000000000002',
        parentId: '0000000000000001',
        stepId: 'step-0',
        type: 'GENERATION',
        name: 'chat gpt-4o-mini',
        requestModel: 'gpt-4o-mini',
        responseModel: 'gpt-4o-mini-2024-07-18',
        finishReasons: ['tool_calls'],
        startMs: T0 + 10,
        endMs: T0 + 1_110,
        status: 'ok',
        inputMessages: [
          { role: 'system', parts: [{ type: 'text', content: 'You help.' }] },
          { role: 'user', parts: [{ type: 'text', content: 'Where is my money?' }] },
        ],
        outputMessages: [
          {
            role: 'assistant',
            parts: [
              { type: 'reasoning', content: 'They want a refund.' },
              { type: 'text', content: 'I will look it up.' },
              { type: 'tool_call', id: 'call_1', name: 'find_order', arguments: { order: 1001 } },
            ],
            finish_reason: 'tool_call',
          },
        ],
        usage: { input: 300, cacheRead: 512, output: 100, reasoning: 20 },
      }),
      lookup(1),
      lookup(2),
      lookup(3),
      makeObservation({
        id: '0000000000000020',
        stepId: 'step-1',
        type: 'GENERATION',
        name: 'chat gpt-4o-mini',
        requestModel: 'gpt-4o-mini',
        startMs: T0 + 3_000,
        endMs: T0 + 12_000,
        status: 'error',
        errorType: 'RateLimitError',
        statusMessage: '429 Too many requests',
      }),
    ],
  };
}
