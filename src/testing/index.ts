export { startCollector, type CollectedRequest, type Collector, type CollectorOptions } from './collector.js';
export { startLlmServer, type LlmServer } from './llm-server.js';
export type { LlmServerOptions } from './llm-server-options.js';
export {
  LLM_ENDPOINTS,
  type Fault,
  type LlmEndpoint,
  type LlmRequest,
  type ScriptedChoice,
  type ScriptedToolCall,
  type ScriptedUsage,
  type Turn,
  type TurnMatch,
} from './script.js';
export type {
  Attributes,
  AttributeValue,
  EventRecord,
  LinkRecord,
  ResourceRecord,
  ScopeRecord,
  SpanRecord,
} from '../otlp/records.js';
