import type { Attributes } from '@opentelemetry/api';
import * as gen from '../../semconv/attributes.js';
import {
  ATTR_SPOOR_OBSERVATION_INPUT,
  ATTR_SPOOR_OBSERVATION_METADATA,
  ATTR_SPOOR_OBSERVATION_OUTPUT,
} from '../../semconv/spoor-attributes.js';
import type { ObservationType } from '../../semconv/model/observation.js';
import type { OpenSpan } from '../../src/instrument/open-span.js';
import { addValue } from '../../src/instrument/capture.js';
import { fieldsOf, listOf, numberOf, textOf, type Fields } from '../../src/instrument/read.js';
import { canonicalMessage, isMessage, readableValue } from './messages.js';
import type { Runnable, RunOptions } from './sdk-types.js';

type ContentPolicy = OpenSpan['policy'];

/** What is known of a run that is no call of a model, read from the arguments of the method that runs it. */
export interface Run {
  type: ObservationType;
  /** What the program called this run, or one that it is inside of: LangChain passes it on where there are no callbacks. */
  runName: string | undefined;
  /** What the runnable is called. */
  name: string;
  /** Set when the span starts. */
  attributes: Attributes;
  /** What LangChain passes on: it may know the parent. */
  manager: unknown;
  conversationId: string | undefined;
  /** By which the program can call it off. */
  signal: unknown;
  input(attributes: Attributes, policy: ContentPolicy): void;
  output(attributes: Attributes, policy: ContentPolicy, value: unknown): void;
}

/** Runs with this tag are LangChain's own plumbing; its tracer leaves them out as well. */
const HIDDEN = 'langsmith:hidden';

/** A chain, prompt, parser, function or node of a graph. Undefined for one that is not to be shown. */
export function readChain(target: unknown, input: unknown, given: unknown): Run | undefined {
  const options = optionsOf(given);
  if (listOf(options.tags).includes(HIDDEN)) return undefined;
  return { ...commonOf('CHAIN', target, options), ...plainContent(input) };
}

/** A graph: it decides by itself what is done next. */
export function readGraph(target: unknown, input: unknown, given: unknown): Run {
  const options = optionsOf(given);
  return { ...commonOf('AGENT', target, options), ...plainContent(input) };
}

/** A tool. `given` are options, or only callbacks. */
export function readTool(target: unknown, input: unknown, given: unknown): Run {
  const tool = target as Runnable;
  const options = optionsOf(given);
  const common = commonOf('TOOL', target, options);
  const call = fieldsOf(input);
  const isCall = call['type'] === 'tool_call';
  const callId = textOf(options.toolCall?.id) ?? (isCall ? textOf(call['id']) : undefined);
  const description = textOf(tool.description);
  return {
    ...common,
    runName: undefined,
    name: textOf(tool.name) ?? common.name,
    attributes: {
      ...common.attributes,
      [gen.ATTR_GEN_AI_TOOL_TYPE]: 'function',
      ...(callId === undefined ? {} : { [gen.ATTR_GEN_AI_TOOL_CALL_ID]: callId }),
    },
    input(attributes, policy) {
      if (policy.tools && description !== undefined)
        addValue(attributes, gen.ATTR_GEN_AI_TOOL_DESCRIPTION, description, policy);
      if (!policy.toolArguments) return;
      addValue(attributes, gen.ATTR_GEN_AI_TOOL_CALL_ARGUMENTS, isCall ? call['args'] : input, policy);
    },
    output(attributes, policy, value) {
      if (!policy.toolArguments) return;
      const content = isMessage(value) ? value.content : readableValue(value);
      addValue(attributes, gen.ATTR_GEN_AI_TOOL_CALL_RESULT, content, policy);
    },
  };
}

/** A retriever. Ids and scores of documents are no content; what is in them is. */
export function readRetriever(target: unknown, query: unknown, given: unknown): Run {
  const common = commonOf('RETRIEVAL', target, optionsOf(given));
  const topK = numberOf(fieldsOf(target)['k']);
  return {
    ...common,
    attributes: {
      ...common.attributes,
      ...(topK === undefined ? {} : { [gen.ATTR_GEN_AI_RETRIEVAL_TOP_K]: topK }),
    },
    input(attributes, policy) {
      if (policy.input) addValue(attributes, gen.ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT, query, policy);
    },
    output(attributes, policy, value) {
      const documents = listOf(value).map((document) => describeDocument(fieldsOf(document), policy.output));
      addValue(attributes, gen.ATTR_GEN_AI_RETRIEVAL_DOCUMENTS, documents, policy);
    },
  };
}

function describeDocument(document: Fields, withContent: boolean): Record<string, unknown> {
  const metadata = fieldsOf(document['metadata']);
  const described: Record<string, unknown> = {};
  const id = document['id'] ?? metadata['id'];
  const score = metadata['score'] ?? metadata['relevanceScore'] ?? metadata['_score'];
  if (typeof id === 'string' || typeof id === 'number') described['id'] = id;
  if (typeof score === 'number') described['score'] = score;
  if (withContent) {
    described['content'] = document['pageContent'];
    if (Object.keys(metadata).length > 0) described['metadata'] = metadata;
  }
  return described;
}

/** Callbacks alone, a manager or a list of handlers, stand in the place of options in older calls. */
function optionsOf(given: unknown): RunOptions {
  if (Array.isArray(given)) {
    const [first] = given;
    const isConfig = typeof first === 'object' && first !== null && !('name' in first);
    return isConfig ? (first as RunOptions) : { callbacks: given };
  }
  if (typeof given !== 'object' || given === null) return {};
  return 'handlers' in given && 'name' in given ? { callbacks: given } : given;
}

type Common = Omit<Run, 'input' | 'output'>;

function commonOf(type: ObservationType, target: unknown, options: RunOptions): Common {
  const runnable = target as Runnable;
  return {
    type,
    runName: textOf(options.runName),
    name: textOf(runnable.getName?.()) ?? textOf(runnable.name) ?? type.toLowerCase(),
    attributes: metadataOf(options.metadata),
    manager: options.callbacks,
    signal: options.signal,
    conversationId: textOf(fieldsOf(options.configurable)['thread_id']),
  };
}

/** Where in a graph a run is. */
const KEPT = ['langgraph_node', 'langgraph_step'] as const;

function metadataOf(metadata: unknown): Attributes {
  const attributes: Attributes = {};
  for (const key of KEPT) {
    const value = fieldsOf(metadata)[key];
    if (typeof value === 'string' || typeof value === 'number') {
      attributes[`${ATTR_SPOOR_OBSERVATION_METADATA}.${key}`] = String(value);
    }
  }
  return attributes;
}

function plainContent(given: unknown): Pick<Run, 'input' | 'output'> {
  return {
    input(attributes, policy) {
      if (policy.input) addValue(attributes, ATTR_SPOOR_OBSERVATION_INPUT, contentOf(given), policy);
    },
    output(attributes, policy, value) {
      if (policy.output) addValue(attributes, ATTR_SPOOR_OBSERVATION_OUTPUT, contentOf(value), policy);
    },
  };
}

function contentOf(value: unknown): unknown {
  return isMessage(value) ? canonicalMessage(value) : readableValue(value);
}
