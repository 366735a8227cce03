import { tracesUrl } from '../../config/endpoint.js';
import { resolvedSettings } from '../../config/settings.js';
import { endpointTarget, resolveTargets, type OtlpTarget } from '../../config/targets.js';
import { deliverSegments, type DeliverOptions, type DeliveryReport } from './deliver-segments.js';
import { REFUSED_FOLDER } from './journal-folder.js';
import { segmentTarget, targetsByAddress } from './known-targets.js';
import { listSegments, readHeader } from './segments.js';

export interface FlushOptions extends Pick<DeliverOptions, 'signal' | 'untilMs'> {
  /** Base or traces address of another receiver than the one that the spans were meant for. */
  readonly to?: string | undefined;
  /** Sends what a receiver refused before, too. */
  readonly refused: boolean;
  onProgress?(delivered: number): void;
}

/** Sends what lies in the journal, with the keys of this environment. Never rejects. */
export async function flushJournal(options: FlushOptions): Promise<DeliveryReport> {
  const total: DeliveryReport = { delivered: 0, refused: 0, waiting: 0, torn: 0 };
  const other = options.to === undefined ? undefined : segmentTarget(receiver(options.to));
  // What was refused comes first, because it is put aside again when it is refused again.
  for (const subfolder of options.refused ? [REFUSED_FOLDER, ''] : ['']) {
    const { delivered: before } = total;
    const report = await deliverSegments({
      targetOf: other === undefined ? targetsByAddress(knownReceivers(subfolder)) : () => other,
      signal: options.signal,
      untilMs: options.untilMs,
      subfolder,
      onProgress: ({ delivered }) => options.onProgress?.(before + delivered),
    });
    for (const key of ['delivered', 'refused', 'waiting', 'torn'] as const) total[key] += report[key];
  }
  return total;
}

function receiver(endpoint: string): OtlpTarget {
  const resolved = resolvedSettings();
  const url = tracesUrl({ ...resolved, settings: { ...resolved.settings, endpoint }, sources: {} });
  return endpointTarget(resolved, url);
}

/** The receivers of the environment, with their keys, and every other that takes spans without one. */
function knownReceivers(subfolder: string): OtlpTarget[] {
  const resolved = resolvedSettings();
  const own = resolveTargets(resolved).targets;
  const others = listSegments(subfolder).flatMap(({ path }): OtlpTarget[] => {
    const header = readHeader(path);
    const isOther =
      header !== undefined && !header.authenticated && !own.some(({ url }) => url === header.url);
    return isOther ? [{ ...endpointTarget(resolved, header.url), headers: {} }] : [];
  });
  return [...own, ...others];
}
