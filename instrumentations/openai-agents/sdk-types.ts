/** The shapes of `@openai/agents-core` that are read here. Everything may be missing. */

/** A span of the SDK's own tracing. Its data is filled in while it runs. */
export interface SdkSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId?: string | null;
  readonly spanData: SpanData;
  readonly error?: SdkSpanError | null;
  readonly previousSpan?: SdkSpan | undefined;
}

export interface SdkSpanError {
  message?: unknown;
  data?: { error?: unknown } | null;
}

/** The union of the fields of all kinds of span. */
export interface SpanData {
  type: string;
  name?: unknown;
  /** `turn`. */
  turn?: unknown;
  agent_name?: unknown;
  /** `agent`: names. */
  tools?: unknown;
  handoffs?: unknown;
  output_type?: unknown;
  /** `function`: text. `generation`: messages. */
  input?: unknown;
  output?: unknown;
  mcp_data?: unknown;
  /** `generation`. */
  model?: unknown;
  model_config?: unknown;
  usage?: unknown;
  /** `response`. */
  response_id?: unknown;
  _input?: unknown;
  _response?: unknown;
  /** `handoff`. */
  from_agent?: unknown;
  to_agent?: unknown;
  /** `guardrail`. */
  triggered?: unknown;
  /** `mcp_tools`. */
  server?: unknown;
  result?: unknown;
  /** `custom`. */
  data?: unknown;
}

/** A trace of the SDK: the work of one run, or of what the program put in one trace. */
export interface SdkTrace {
  readonly traceId: string;
  readonly name: string;
  readonly groupId?: string | null;
  readonly metadata?: unknown;
}

/** What the SDK keeps for each flow of control. The span in it is replaced while the flow goes on. */
export interface SdkContext {
  trace?: SdkTrace | undefined;
  span?: SdkSpan | undefined;
  active?: boolean;
}

/** The SDK's storage of that. */
export interface SdkStorage {
  run(store: unknown, fn: (...args: unknown[]) => unknown, ...args: unknown[]): unknown;
}
