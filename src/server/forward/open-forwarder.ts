import { join } from 'node:path';
import { SpoorError } from '../../shared/errors.js';
import type { DataLock } from '../data-lock.js';
import type { ResolvedOptions } from '../options.js';
import { createForwarder, type Forwarder } from './forwarder.js';

/** Passes nothing on. */
export const NO_FORWARDER: Forwarder = {
  push: () => Promise.resolve(),
  pushLogs: () => Promise.resolve(),
  stats: undefined,
  close: () => Promise.resolve(),
};

/**
 * The forwarder that the options ask for. `port` is that of this translator.
 * @throws SpoorError `SPOOR_OPTION_INVALID`
 */
export async function openForwarder(options: ResolvedOptions, port: number): Promise<Forwarder> {
  if (options.forward.length === 0) {
    if (options.forwardAs === undefined) return NO_FORWARDER;
    throw new SpoorError(
      'SPOOR_OPTION_INVALID',
      'Forwarding: there is a dialect, and no target to pass it on to.',
    );
  }
  // Dialects are loaded for it, which a translator that passes nothing on has no haste to do.
  const { forwardTargets } = await import('./forward-target.js');
  const targets = forwardTargets(options.forward, options.forwardHeaders, options.forwardAs);
  for (const { label } of targets) {
    if (Number(new URL(label).port) !== port || !isLoopback(new URL(label).hostname)) continue;
    throw new SpoorError('SPOOR_OPTION_INVALID', `Forwarding: ${label} is this translator itself.`);
  }
  const folder = join(options.dataDir, 'forward');
  // The lock of a data folder of ours covers the queues; beside another store they need one of their own.
  const lock = options.store === undefined ? undefined : await lockQueues(folder);
  try {
    const { limits, log } = options;
    const forwarder = await createForwarder({ targets, folder, queueBytes: limits.forwardQueueBytes, log });
    return { ...forwarder, close: () => forwarder.close().finally(() => lock?.release()) };
  } catch (cause) {
    lock?.release();
    throw cause;
  }
}

async function lockQueues(folder: string): Promise<DataLock | undefined> {
  const { lockDataDir } = await import('../data-lock.js');
  try {
    return lockDataDir(folder);
  } catch (cause) {
    // A translator over another store must run where there is no SQLite engine.
    if (cause instanceof SpoorError && cause.code === 'SPOOR_SQLITE_MISSING') return undefined;
    throw cause;
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host.startsWith('127.') || host === '[::1]';
}
