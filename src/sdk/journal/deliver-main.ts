import { readFileSync } from 'node:fs';
import type { OtlpTarget } from '../../config/targets.js';
import { deliverSegments } from './deliver-segments.js';
import { boundJournal, DEFAULT_BOUNDS, noteLoss } from './journal-bounds.js';
import { targetsByAddress } from './known-targets.js';

/** Entry of the detached process that delivers the journal. It reads its targets from standard input and has 30 s. */
const LIFETIME_MS = 30_000;

async function main(): Promise<void> {
  const targets = JSON.parse(readFileSync(0, 'utf8')) as OtlpTarget[];
  // Sockets hold no process here, so this timer does; and whatever hangs, the process ends.
  const hold = setTimeout(() => process.exit(), LIFETIME_MS + 2000);
  boundJournal(DEFAULT_BOUNDS, Date.now());
  const report = await deliverSegments({
    targetOf: targetsByAddress(targets),
    signal: AbortSignal.timeout(LIFETIME_MS),
    untilMs: performance.now() + LIFETIME_MS,
  });
  if (report.torn > 0) noteLoss({ reason: 'lines of the journal were torn by a crash', spans: report.torn });
  clearTimeout(hold);
}

void main();
