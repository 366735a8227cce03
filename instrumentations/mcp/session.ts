import { guard } from '../../src/instrument/guard.js';
import { recordDuration } from '../../src/instrument/metrics.js';
import type { Caller } from '../../src/instrument/patch-sdk.js';
import { connectionAttributes } from './connection.js';
import type { Protocol } from './sdk-types.js';

/** Who observes a session: the side that asked for it, or the side that was asked. */
export type Side = 'client' | 'server';

interface Session {
  readonly side: Side;
  /** On the clock of `performance.now()`. */
  readonly startedAt: number;
}

const METRICS = { client: 'mcpClientSession', server: 'mcpServerSession' } as const;
const sessions = new WeakMap<object, Session>();

/** An `initialize` request that began at `startedAt` was answered: from then on there is a session. */
export function openSession(protocol: Protocol, side: Side, startedAt: number): void {
  sessions.set(protocol, { side, startedAt });
}

/** Stands in the method that the transport's end calls, before it forgets the transport. */
export const closeSession: Caller = (target, args, original) => {
  guard('session', () => recordSession(target as Protocol));
  return Reflect.apply(original, target, args);
};

function recordSession(protocol: Protocol): void {
  const session = sessions.get(protocol);
  if (session === undefined) return;
  sessions.delete(protocol);
  recordDuration(METRICS[session.side], session.startedAt, connectionAttributes(protocol));
}
