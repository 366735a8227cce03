import type { SpanRecord } from '../../src/otlp/records.js';
import type { PresetName } from '../../src/config/preset-names.js';
import type { Install } from './install.js';

/** A span as a back end gives it back: what it does not keep is not there. */
export type HeldSpan = Partial<SpanRecord> & Pick<SpanRecord, 'traceId' | 'spanId' | 'name' | 'attributes'>;

/** What is asked of a back end: the spans of one run, which has a service name of its own. */
export interface Wanted {
  readonly service: string;
  readonly spans: number;
}

/** A back end that runs. */
export interface RunningBackEnd {
  /** Base address for OTLP/HTTP. */
  readonly endpoint: string;
  /** The spans of a run through the back end's own API, as soon as there are that many. */
  read(wanted: Wanted): Promise<readonly HeldSpan[]>;
  /** Ends the process, and waits for that. */
  stop(): Promise<void>;
}

/** A back end that is really run. */
export interface BackEnd {
  readonly name: PresetName;
  readonly title: string;
  readonly version: string;
  /** How the spans are read back. */
  readonly api: string;
  /** Puts the program into the cache, if it is not there. */
  readonly install: Install;
  /** `folder` is empty and is removed afterwards. */
  start(program: string, folder: string): Promise<RunningBackEnd>;
  /** A span as this back end represents it: the documented differences, and no others. */
  represent(span: SpanRecord): HeldSpan;
  /** Attributes that the back end may add from what it read. */
  readonly adds?: RegExp;
  /** Times are kept to so many nanoseconds. */
  readonly timeStepNs?: bigint;
  /** The variable that the back end's users set to its address; else the address is the endpoint of OTLP. */
  readonly addressVariable?: string;
}
