import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { diag } from '@opentelemetry/api';
import { warnOnce } from '../../tracing/diag.js';
import type { OtlpTarget } from '../../config/targets.js';

/**
 * Starts the process that delivers the journal after this one has ended. It is detached, silent, and ends by itself. It may
 * be called while the process exits: starting a process is synchronous. Never throws.
 */
export function spawnDelivery(targets: readonly OtlpTarget[]): void {
  try {
    const input = inputFile(JSON.stringify(targets));
    try {
      const child = spawn(process.execPath, [fileURLToPath(new URL('./deliver-main.js', import.meta.url))], {
        detached: true,
        stdio: [input, 'ignore', 'ignore'],
        env: deliveryEnvironment(process.env),
        windowsHide: true,
      });
      child.on('error', (error) => warnOnce('journal-spawn', NOT_STARTED, error));
      child.unref();
      diag.info(`spoor: undelivered spans are being sent by process ${child.pid}`);
    } finally {
      closeSync(input);
    }
  } catch (error) {
    warnOnce('journal-spawn', NOT_STARTED, error);
  }
}

const NOT_STARTED =
  'undelivered spans stay in the journal: the process that delivers them could not be started';

/** Headers hold keys: they go over a file that has no name any more, and stand neither in an argument nor in the environment. */
function inputFile(text: string): number {
  const path = join(tmpdir(), `spoor-${randomBytes(12).toString('hex')}`);
  const descriptor = openSync(path, 'wx+', 0o600);
  try {
    rmSync(path);
    // At a position, so that the reader begins at the start.
    writeSync(descriptor, text, 0);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  return descriptor;
}

/** The environment of the program without what would make the delivery a traced program itself. */
function deliveryEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, NODE_CHANNEL_FD: _channel, ...rest } = env;
  return { ...rest, SPOOR_ENABLED: 'false' };
}
