import type { Context } from '@opentelemetry/api';
import type { WatchedCall } from './open-calls.js';

/** Work whose result is a stream: it lasts until the stream does. No method throws. */
export interface StreamWork extends WatchedCall {
  /** The context in which the chunks are made, where it is not that of their reader. */
  readonly producer?: Context | undefined;
  /** One chunk. On the path of every chunk. */
  chunk(value: unknown): void;
  /** There are no more chunks. `aborted`: because the program called the work off. */
  streamEnded(aborted: boolean): void;
  /** The program stopped reading. */
  streamClosed(): void;
  /** The stream broke. */
  failed(error: unknown): void;
}
