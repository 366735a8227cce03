import { currentSettings } from '../../config/settings.js';
import type { OtlpTarget } from '../../config/targets.js';
import { spawnDelivery } from './spawn-delivery.js';

/**
 * Which targets have something in the journal that this process will not send itself. The delivery after it is started when
 * the process ends, or at once when the receiver is known to be there.
 */
const asked = new Map<string, OtlpTarget>();
/** One started process lives that long; another one before would find nothing to do. */
const PAUSE_MS = 30_000;
let lastStartMs = Number.NEGATIVE_INFINITY;

/** Notes that a target has something in the journal. */
export function askForDelivery(target: OtlpTarget, when: 'at the end' | 'now' = 'at the end'): void {
  asked.set(target.url, target);
  if (when === 'at the end' || performance.now() - lastStartMs < PAUSE_MS) return;
  startDelivery();
}

/**
 * Starts the delivery of what was asked for, in a process of its own. Nothing happens when nothing was, or
 * with `deliverOnExit: false`: then the journal waits for the next program, or for `spoor flush`. Never throws.
 */
export function startDelivery(): void {
  if (asked.size === 0) return;
  const targets = [...asked.values()];
  asked.clear();
  if (!currentSettings().deliverOnExit) return;
  lastStartMs = performance.now();
  spawnDelivery(targets);
}
