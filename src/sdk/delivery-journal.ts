import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';
import type { SpanMasker } from './mask-span.js';

/** Where spans go that cannot be sent now. They are masked. No method throws. */
export interface DeliveryJournal {
  /** Takes spans in. False when it could not. */
  keep(spans: readonly ReadableSpan[]): boolean;
  /** Keeps spans that the receiver refused for good. */
  setAside(spans: readonly ReadableSpan[], reason: string): void;
  /** The receiver takes spans: whatever the journal holds for it can be delivered. */
  receiverIsBack(): void;
  /**
   * Writes each end down before anything else happens to the span, and each start before the program goes on with its next
   * turn: `durability: 'crash'`.
   */
  readonly ahead?: {
    /** The span as it is now is written, unless it has ended by then. */
    started(span: ReadableSpan, mask: SpanMasker): void;
    /** The span is masked. */
    ended(span: ReadableSpan): void;
    acknowledged(spans: readonly ReadableSpan[]): void;
    close(): void;
  };
}
