import { SpanKind, type Attributes, type Context, type Span } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_DESCRIPTION,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_TOOL_DESCRIPTION,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
} from '../../../semconv/attributes.js';
import {
  ATTR_SPOOR_OBSERVATION_METADATA,
  ATTR_SPOOR_OBSERVATION_TYPE,
  ATTR_SPOOR_OUTCOME,
} from '../../../semconv/spoor-attributes.js';
import type { ObservationType } from '../../../semconv/model/observation.js';
import { currentContentPolicy } from '../../config/content-policy.js';
import { currentSettings } from '../../config/settings.js';
import { activeContext } from '../active-context.js';
import { contextWithSpan } from '../active-span-context.js';
import { plainTextValue, textValue } from '../attribute-values.js';
import { countingContext, recordWork } from '../metrics.js';
import { isMetered } from '../meter.js';
import { observationIdentity, observationKind, type ObservationKind } from '../observation-kinds.js';
import { observationAttributes, type ObservationFields } from '../observation.js';
import { isSilent } from '../sampling.js';
import { errorType, failSpan } from '../span-error.js';
import { startSpan, validSpanContext } from '../start-span.js';
import { callInput } from './call-input.js';
import { streamAttributes, type CallEnding, type CallSpan, type OpenCallSpan } from './call-span.js';
import { chunkText } from './chunk-text.js';
import { mergeFacts, readAnswer, type AnswerFacts } from './read-answer.js';
import { wantsContent } from './wants-content.js';

/** What is known of every call of one wrapped function. */
export interface ObservedFunction {
  readonly type: ObservationType;
  readonly name: string;
  readonly model?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly metadata?: unknown;
  /** Undefined leaves it to the content policy. */
  readonly captureInput?: boolean | undefined;
  readonly captureOutput?: boolean | undefined;
  /** Whether usage, model and finish reasons are read from what comes back. */
  readonly readsAnswer: boolean;
}

interface Site {
  readonly type: ObservationType;
  readonly kind: ObservationKind;
  readonly spanName: string;
  readonly attributes: Attributes;
  readonly captureInput: boolean | undefined;
  readonly captureOutput: boolean | undefined;
  readonly readsAnswer: boolean;
}

/** Opens an observation of the given type around each call. */
export function observeCalls(fn: ObservedFunction): OpenCallSpan {
  // Not before the first call: the limits that apply to tags and metadata are configured after the functions are made.
  let site: Site | undefined;
  return (args) => {
    if (!currentSettings().enabled) return undefined;
    const parent = activeContext();
    if (isSilent(parent)) return undefined;
    site ??= siteOf(fn);
    return new ObservedCall(site, parent, args);
  };
}

function siteOf(fn: ObservedFunction): Site {
  const { type, captureInput, captureOutput, readsAnswer } = fn;
  const kind = observationKind(type);
  const identity = observationIdentity(kind, fn.name, fn.model);
  const descriptionKey = DESCRIPTION_KEYS[type];
  const fields: ObservationFields = {
    ...(fn.tags === undefined ? {} : { tags: fn.tags }),
    ...(typeof fn.metadata === 'object' && fn.metadata !== null ? { metadata: { ...fn.metadata } } : {}),
  };
  const attributes: Attributes = {
    ...identity.attributes,
    [ATTR_SPOOR_OBSERVATION_TYPE]: type,
    ...observationAttributes(type, fields),
    ...(fn.description === undefined ? {} : { [descriptionKey ?? DESCRIPTION]: fn.description }),
  };
  return { type, kind, spanName: identity.spanName, attributes, captureInput, captureOutput, readsAnswer };
}

const DESCRIPTION = `${ATTR_SPOOR_OBSERVATION_METADATA}.description`;
const DESCRIPTION_KEYS: Partial<Record<ObservationType, string>> = {
  TOOL: ATTR_GEN_AI_TOOL_DESCRIPTION,
  AGENT: ATTR_GEN_AI_AGENT_DESCRIPTION,
};

class ObservedCall implements CallSpan {
  readonly context: Context;
  private readonly site: Site;
  private readonly span: Span;
  /** Undefined while nobody measures. What is left out by sampling still counts. */
  private readonly startedAt: number | undefined;
  private facts: AnswerFacts | undefined;

  constructor(site: Site, parent: Context, args: readonly unknown[]) {
    const { attributes, kind } = site;
    this.site = site;
    this.startedAt = isMetered() ? performance.now() : undefined;
    this.span = startSpan(site.spanName, { kind: kind.spanKind, attributes }, parent);
    this.context = contextWithSpan(countingContext(parent, attributes), this.span);
    this.facts = undefined;
    if (!this.span.isRecording() || !wantsContent(site.captureInput, kind.content.input)) return;
    const input = textValue(callInput(args));
    if (input !== undefined) this.span.setAttribute(kind.inputKey, input);
  }

  outputLength(): number {
    return this.wantsOutput() ? currentContentPolicy().maxLength : 0;
  }

  chunkText(chunk: unknown): string | undefined {
    if (!this.site.readsAnswer) return undefined;
    mergeFacts((this.facts ??= {}), readAnswer(chunk));
    return chunkText(chunk);
  }

  end(ending: CallEnding): void {
    const { span } = this;
    try {
      span.setAttributes(this.endingAttributes(ending));
    } finally {
      if (this.startedAt !== undefined) this.measure(ending, this.startedAt);
      span.end();
    }
  }

  /** Tools and agents. What is asked of a model or a store counts where it is asked: that may well be inside this. */
  private measure({ outcome, error }: CallEnding, startedAt: number): void {
    const { span, site, context } = this;
    const kind = site.kind.spanKind;
    if (kind !== SpanKind.INTERNAL || validSpanContext(span) === undefined) return;
    const ending: Attributes = { [ATTR_SPOOR_OUTCOME]: outcome };
    if (outcome === 'failed') ending[ATTR_ERROR_TYPE] = errorType(error);
    recordWork({ span, kind, context, startedAt, facts: [ending, site.attributes] });
  }

  private endingAttributes({ value, stream, outcome, error }: CallEnding): Attributes {
    const attributes: Attributes = { [ATTR_SPOOR_OUTCOME]: outcome };
    if (outcome === 'failed') failSpan(this.span, error);
    if (stream !== undefined) {
      addFacts(attributes, this.facts);
      Object.assign(attributes, streamAttributes(stream));
      if (stream.output !== undefined) attributes[this.site.kind.outputKey] = stream.output;
      return attributes;
    }
    if (value === undefined) return attributes;
    const keepsOutput = this.wantsOutput();
    const plain = keepsOutput ? plainTextValue(value) : undefined;
    if (this.site.readsAnswer) addFacts(attributes, readAnswer(value, plain !== undefined));
    const output = keepsOutput ? (plain ?? textValue(value)) : undefined;
    if (output !== undefined) attributes[this.site.kind.outputKey] = output;
    return attributes;
  }

  private wantsOutput(): boolean {
    return this.span.isRecording() && wantsContent(this.site.captureOutput, this.site.kind.content.output);
  }
}

function addFacts(attributes: Attributes, facts: AnswerFacts | undefined): void {
  if (facts === undefined) return;
  const { id, model, finishReasons, usage } = facts;
  if (id !== undefined) attributes[ATTR_GEN_AI_RESPONSE_ID] = id;
  if (model !== undefined) attributes[ATTR_GEN_AI_RESPONSE_MODEL] = model;
  if (finishReasons !== undefined) attributes[ATTR_GEN_AI_RESPONSE_FINISH_REASONS] = finishReasons;
  if (usage === undefined) return;
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens } = usage;
  if (inputTokens !== undefined) attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS] = inputTokens;
  if (outputTokens !== undefined) attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS] = outputTokens;
  if (cacheReadTokens !== undefined) attributes[ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS] = cacheReadTokens;
  if (cacheWriteTokens !== undefined)
    attributes[ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS] = cacheWriteTokens;
  if (reasoningTokens !== undefined) attributes[ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS] = reasoningTokens;
}
