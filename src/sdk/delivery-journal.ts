import type { ReadableSpan } from '@opentelemetry/sdk-trace-node';

/** Where spans go that cannot be sent now. They are masked. No method throws. */
export interface DeliveryJournal {
  /** Takes spans in. False when it could not. */
  keep(spans: readonly ReadableSpan[]): boolean;
  /** Keeps spans that the receiver refused for good. */
  setAside(spans: readonly ReadableSpan[], reason: string): void;
  /** The receiver takes spans: whatever the journal holds for it can be delivered. */
  receiverIsBack(): void;
  /** Writes each start and end down before anything else happens to the span: `durability: 'crash'`. */
  readonly ahead?: {
    started(span: ReadableSpan): void;
    ended(span: ReadableSpan): void;
    acknowledged(spans: readonly ReadableSpan[]): void;
    close(): void;
  };
}
