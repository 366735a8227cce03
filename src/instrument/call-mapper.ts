import type { SpanContext } from '@opentelemetry/api';
import type { ChannelWatcher } from './tracing-channel.js';
import type { Server } from './server.js';
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
  /** The async iterable inside a whole answer, for SDKs that put it there; undefined when this answer has none. */
  streamOf?(value: unknown): unknown;
  /**
   * The signal by which the program can call this call off: for SDKs whose own time-outs fail with the same error as an abort
   * of the program. A call that is aborted while its signal is not has failed with a time-out. Also for SDKs whose calls die of
   * other errors when the program calls them off: what fails while its signal is aborted is cancelled.
   */
  signal?(args: readonly unknown[]): AbortSignal | undefined;
  /**
   * For SDKs that work out in the middle of a call where it goes: called before the SDK's method, when `request` may not know
   * the server yet. `tell` may be called once, and at any later time.
   */
  watchServer?(client: unknown, tell: (server: Server) => void): void;
}

/** One line of a METHODS table: which method of which resource is an LLM call, and how it is read. */
export interface CallMethod {
  /** Path of the resource from the client, for example `chat.completions`. The classes are found by the same path. */
  resource: string;
  method: string;
  mapper: CallMapper;
  /** For a helper that waits for the end of what it began: the calls that it makes are part of this one. */
  coversInner?: boolean;
  /** Takes the place of the SDK's `tracesItself` for this method. */
  tracesItself?(client: unknown, args: readonly unknown[]): boolean;
  /** False for a method by which `takeOver` cannot take the span from the SDK. Default true. */
  isTakenOver?: boolean;
}

/** An SDK whose LLM calls are methods of its client's resources. */
export interface ClientSdk {
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
  /** What the package has beside its client: classes with entry points of their own. */
  beside?: CustomSdk;
  /** Methods that begin the SDK's own span before they call one of `methods`: they get the arguments of `takeOver`, no span. */
  helpers?: readonly Pick<CallMethod, 'resource' | 'method'>[];
}

/** An SDK that needs a patch of its own making: frameworks with callbacks, processors or channels. */
export interface CustomSdk {
  /**
   * Patches one loaded copy of `module`, which is one of the line's modules. Never a namespace; see `patchMethod`.
   * @returns the functions that undo it; empty when the copy has no known shape.
   */
  patchModule(moduleExports: unknown, module: string): Unpatch[];
  /** Patches what one client, graph or server belongs to, without hooks. */
  patchClient?(client: unknown): Unpatch[];
  /**
   * For a package whose work is functions and no methods: what the program gets in the place of `moduleExports`. Where exports
   * can be set in place (an ES module seen by the hooks) it is the same object. Undefined when nothing is replaced.
   */
  replaceExports?(
    moduleExports: unknown,
    module: string,
  ): { moduleExports: unknown; undo: Unpatch } | undefined;
  /** For an SDK that tells of its work on tracing channels of Node: what is done with the messages of one of the line's. */
  watch?(channel: string): Pick<ChannelWatcher, 'begin' | 'end'>;
}

/** What an instrumentation folder tells the kit about its SDK. Loaded when the SDK loads. */
export type SdkDefinition = ClientSdk | CustomSdk;

/** Undoes one patch. */
export type Unpatch = () => void;

/** One line of the registry. */
export interface SdkLine {
  /** Name of the folder, of the option and of the subpath export. */
  name: string;
  /** The npm package, then other packages or entry points of it that are hooked too. */
  modules: readonly [string, ...string[]];
  /**
   * Files inside those packages that are hooked as well, as `<package>/<path>`: for a package without an entry point of its
   * own, whose classes are found in one place by every import.
   */
  files?: readonly string[];
  /** Tracing channels of Node on which the SDK tells of its work: they need no hooks, so bundled code is traced too. */
  channels?: readonly string[];
  /** Versions known to work. Newer ones are tried too: a check of shapes decides. */
  supports: string;
  load(): SdkDefinition;
}
