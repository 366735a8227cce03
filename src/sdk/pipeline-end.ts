import type { DeliveryCounts } from './span-delivery.js';
import type { SampleCounts } from './sample-gate.js';

/** What can be asked of the pipeline without loading it. */
export interface PipelineEnd {
  /** Sends what is queued everywhere, for at most `timeoutMs`. Never rejects. */
  drain(timeoutMs: number): Promise<void>;
  counts(): DeliveryCounts & Partial<SampleCounts>;
  /** Forgets every delivery, after sending what is queued. */
  shutDown(timeoutMs: number): Promise<void>;
}

const NOTHING: PipelineEnd = {
  drain: async () => undefined,
  counts: () => ({ delivered: 0, dropped: 0, rejected: 0, pending: 0, journaled: 0 }),
  shutDown: async () => undefined,
};

let current: PipelineEnd = NOTHING;

/** Told by the pipeline once it has something to end. */
export function setPipelineEnd(end: PipelineEnd): void {
  current = end;
}

/** The end of the pipeline that runs; of none, there is nothing to wait for. */
export function pipelineEnd(): PipelineEnd {
  return current;
}
