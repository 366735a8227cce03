import type { LlmRequest, Turn } from './script.js';

export interface LlmServerOptions {
  /** What the model says, turn by turn. */
  readonly script?: readonly Turn[];
  /** Asked when there is no script, or the script has no turn for a request. Undefined means: no answer, an error. */
  readonly respond?: (request: LlmRequest) => Turn | undefined | Promise<Turn | undefined>;
  /** Models that the list endpoints name; the value is the model that answers name. */
  readonly models?: Readonly<Record<string, string>>;
  /** Ids are derived from it. */
  readonly seed?: string;
  /** Seconds since the Unix epoch of the first answer; each further turn is one second later. */
  readonly createdAt?: number;
  /** When given, any other key is refused with 401. */
  readonly apiKey?: string;
  /** By default a free one. */
  readonly port?: number;
  /** Lets the process end while the server is open, for a server in the process of its only client. Default false. */
  readonly unref?: boolean;
}
