import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { ATTR_SPOOR_STEP_ID } from '../../../semconv/spoor-attributes.js';
import type { StuckSignal } from '../../shared/stuck/stuck-move.js';
import { createStuckWatch } from '../../shared/stuck/stuck-watch.js';
import { liveCall, liveStep, type LiveCall } from './live-moves.js';

/** A session that is being watched while it runs. */
export interface LiveSession {
  /** Steps once one was seen; until then calls are the moves. */
  readonly basis: 'steps' | 'observations';
  /** How many repeats the listener was told of. */
  readonly told: WeakMap<StuckSignal, number>;
  /** Takes a span that has ended; returns the signals that began with it or go on. */
  take(span: ReadableSpan, concept: 'step' | 'observation'): StuckSignal[];
}

const MOST_OPEN_STEPS = 50;
const MOST_CALLS = 100;

/** Watches one session. Memory is bounded, however long it runs. */
export function createLiveSession(): LiveSession {
  let basis: LiveSession['basis'] = 'observations';
  let watch = createStuckWatch();
  const inside = new Map<string, LiveCall[]>();

  function takeCall(call: LiveCall, stepId: unknown): StuckSignal[] {
    if (typeof stepId !== 'string')
      return basis === 'observations' && call.isMove ? watch.append(call.move) : [];
    const calls = inside.get(stepId);
    if (calls === undefined) {
      inside.set(stepId, [call]);
      if (inside.size > MOST_OPEN_STEPS) inside.delete(inside.keys().next().value!);
    } else if (calls.length < MOST_CALLS) calls.push(call);
    return [];
  }

  function takeStep(span: ReadableSpan, stepId: string): StuckSignal[] {
    if (basis === 'observations') {
      basis = 'steps';
      watch = createStuckWatch();
    }
    const calls = inside.get(stepId) ?? [];
    inside.delete(stepId);
    return watch.append(liveStep(span, stepId, calls));
  }

  return {
    get basis() {
      return basis;
    },
    told: new WeakMap(),
    take(span, concept) {
      const stepId = span.attributes[ATTR_SPOOR_STEP_ID];
      if (concept === 'step') return typeof stepId === 'string' ? takeStep(span, stepId) : [];
      const call = liveCall(span);
      return call === undefined ? [] : takeCall(call, stepId);
    },
  };
}
