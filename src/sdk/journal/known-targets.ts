import type { OtlpTarget } from '../../config/targets.js';
import { createOtlpSender } from '../otlp-sender.js';
import type { SegmentTarget } from './deliver-segments.js';
import { isAuthenticated } from './journal.js';
import type { SegmentHeader } from './segment-writer.js';

/** Finds the receiver of a segment among those that are known, unless the segment wants a key and none is known. */
export function targetsByAddress(
  targets: readonly OtlpTarget[],
): (header: SegmentHeader) => SegmentTarget | undefined {
  const known = new Map(targets.map((target) => [target.url, segmentTarget(target)]));
  return (header) => {
    const target = known.get(header.url);
    return header.authenticated && target?.authenticated === false ? undefined : target;
  };
}

/** A receiver of segments. */
export function segmentTarget(target: OtlpTarget): SegmentTarget {
  return { url: target.url, authenticated: isAuthenticated(target), send: createOtlpSender(target) };
}
