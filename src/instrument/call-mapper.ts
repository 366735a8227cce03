import type { SpanContext } from '@opentelemetry/api';
import type { CallInput, CallOutput, CallRequest, CallResponse, StreamReducer } from './records.js';

/**
 * How one kind of call of one SDK is read: pure functions from the SDK's shapes to canonical records. A mapper may meet
 * any shape (a proxy's answer, a newer version): it reads what it knows and leaves the rest out. If it throws, the call
 * goes on and that part is missing from the span.
 */
export interface CallMapper {
  /** Cheap facts, read for every call before it starts. `client` is the SDK's client object (base URL and the like). */
  request(args: readonly unknown[], client: unknown): CallRequest;
  /** Content of the request; asked for only when the content policy wants it. */
  input(args: readonly unknown[]): CallInput;
  /** Cheap facts of a whole answer. */
  response(value: unknown): CallResponse;
  /** Content of a whole answer; asked for only when the content policy wants it. */
  output(value: unknown): CallOutput;
  /** Folds a streamed answer; absent for calls that are never streamed. Keeps no text when `keepContent` is false. */
  reducer?(keepContent: boolean): StreamReducer;
}

/** One line of a METHODS table: which method of which resource is an LLM call, and how it is read. */
export interface CallMethod {
  /** Path of the resource from the client, for example `chat.completions`. The classes are found by the same path. */
  resource: string;
  method: string;
  mapper: CallMapper;
}

/** What an instrumentation folder tells the kit about its SDK. Loaded when the SDK loads. */
export interface SdkDefinition {
  /** Names under which the module exports its client class, the first that exists is used; `default` is tried last. */
  clientExports: readonly string[];
  methods: readonly CallMethod[];
  /** True when the SDK traces this call itself and is to be left to it: then the kit stands back, so that no call has two spans. */
  tracesItself?(client: unknown, args: readonly unknown[]): boolean;
  /**
   * For an SDK that can trace itself: arguments by which it leaves the span of this call to us. `span` is ours, or undefined
   * for a helper, whose call comes later. The caller's arguments are never changed; undefined means that they will do.
   */
  takeOver?(args: readonly unknown[], client: unknown, span: SpanContext | undefined): unknown[] | undefined;
  /** Methods that begin the SDK's own span before they call one of `methods`: they get the arguments of `takeOver`, no span. */
  helpers?: readonly Pick<CallMethod, 'resource' | 'method'>[];
}

/** One line of the registry. */
export interface SdkLine {
  /** Name of the folder, of the option and of the subpath export. */
  name: string;
  /** Name of the npm package. */
  module: string;
  /** Versions known to work. Newer ones are tried too: a check of shapes decides. */
  supports: string;
  load(): SdkDefinition;
}
