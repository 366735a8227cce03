import { join } from 'node:path';
import { SpoorError } from '../../shared/errors.js';
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
  if (options.forward.length === 0) return NO_FORWARDER;
  // Dialects are loaded for it, which a translator that passes nothing on has no haste to do.
  const { forwardTargets } = await import('./forward-target.js');
  const targets = forwardTargets(options.forward, options.forwardHeaders);
  for (const { label } of targets) {
    if (Number(new URL(label).port) !== port || !isLoopback(new URL(label).hostname)) continue;
    throw new SpoorError('SPOOR_OPTION_INVALID', `Forwarding: ${label} is this translator itself.`);
  }
  const folder = join(options.dataDir, 'forward');
  return createForwarder({ targets, folder, queueBytes: options.limits.forwardQueueBytes, log: options.log });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host.startsWith('127.') || host === '[::1]';
}
