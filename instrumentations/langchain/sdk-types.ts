/** The parts of LangChain's shapes that are read. Everything is optional: versions and subclasses differ. */

/** Options of a run, as `invoke` takes them. */
export interface RunOptions {
  callbacks?: unknown;
  tags?: unknown;
  metadata?: Readonly<Record<string, unknown>>;
  runName?: unknown;
  configurable?: Readonly<Record<string, unknown>>;
  toolCall?: { id?: unknown };
  signal?: unknown;
}

/** Anything that has a run: a chain, a tool, a retriever, a graph. */
export interface Runnable {
  name?: unknown;
  description?: unknown;
  getName?(): unknown;
}

/** A chat model or a completion model. */
export interface Model extends Runnable {
  model?: unknown;
  modelName?: unknown;
  getLsParams?(options: unknown): unknown;
  _llmType?(): unknown;
}

/** A message of any class. */
export interface LangChainMessage {
  _getType(): string;
  content?: unknown;
  name?: unknown;
  id?: unknown;
  tool_calls?: unknown;
  tool_call_id?: unknown;
  additional_kwargs?: unknown;
  response_metadata?: unknown;
  usage_metadata?: unknown;
}
