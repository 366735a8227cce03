import type { CallMapper } from '../../src/instrument/call-mapper.js';
import type { TracedMethod } from '../../src/instrument/trace-call.js';
import { readEmbedInput, readEmbedRequest, readRerankInput, readRerankRequest } from './request.js';
import { readValueResult } from './response.js';
import { narrow, SDK } from './run.js';
import type { TelemetrySettings } from './sdk-types.js';

/** Calls that answer with values and not with words: one span each, however many requests they make. */
const embed: CallMapper = {
  request: readEmbedRequest,
  input: readEmbedInput,
  response: readValueResult,
  output: () => ({}),
};
const rerank: CallMapper = { ...embed, request: readRerankRequest, input: readRerankInput };

const method =
  (label: string, mapper: CallMapper) =>
  (telemetry: TelemetrySettings): TracedMethod => ({
    sdk: SDK,
    label,
    mapper,
    clientOf: () => undefined,
    coversInner: true,
    narrow: (policy) => narrow(telemetry, policy),
  });

export const VALUE_METHODS: Readonly<
  Record<'embed' | 'embedMany' | 'rerank', (telemetry: TelemetrySettings) => TracedMethod>
> = {
  embed: method('embed', embed),
  embedMany: method('embedMany', embed),
  rerank: method('rerank', rerank),
};
