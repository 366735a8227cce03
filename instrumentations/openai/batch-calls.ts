import {
  ATTR_GEN_AI_DATA_SOURCE_ID,
  ATTR_GEN_AI_RETRIEVAL_TOP_K,
  ATTR_OPENAI_API_TYPE,
} from '../../semconv/attributes.js';
import type { JsonValue } from '../../semconv/model/json.js';
import * as spoor from '../../semconv/spoor-attributes.js';
import { GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL } from '../../semconv/values.js';
import type { CallMapper } from '../../src/instrument/call-mapper.js';
import { fieldsOf, listOf, numberOf, textOf, withoutGaps } from '../../src/instrument/read.js';
import type { CallInput, CallOutput, CallRequest, CallResponse } from '../../src/instrument/records.js';
import { providerOf } from './provider.js';
import { errorOf, noOutput } from './response.js';

/**
 * Calls by which no model runs: batches, whose answers come hours later, and the files that they are made of. Their spans say
 * what was asked for and how far it has come; of the files they say that they are there. The conventions have no words for them.
 */
type Facts = NonNullable<CallRequest['providerAttributes']>;

function plainRequest(operation: string, client: unknown, facts: Facts): CallRequest {
  return { operation, ...providerOf(client), providerAttributes: facts };
}

/** Of the kinds of requests that a batch may be made of, those that the conventions name. */
const API_TYPES: Readonly<Record<string, string>> = {
  '/v1/chat/completions': 'chat_completions',
  '/v1/responses': 'responses',
};

/** `batches.create`: the requests are in a file. */
export const createBatch: CallMapper = {
  request: ([body], client) =>
    plainRequest('create_batch', client, {
      [ATTR_OPENAI_API_TYPE]: API_TYPES[textOf(fieldsOf(body)['endpoint']) ?? ''],
      [spoor.ATTR_SPOOR_FILE_ID]: textOf(fieldsOf(body)['input_file_id']),
    }),
  input: noInput,
  response: batchResponse,
  output: noOutput,
};

/** `batches.retrieve` and `batches.cancel` */
export const retrieveBatch: CallMapper = ofBatch('retrieve_batch');
export const cancelBatch: CallMapper = ofBatch('cancel_batch');

function ofBatch(operation: string): CallMapper {
  return {
    request: ([id], client) => plainRequest(operation, client, { [spoor.ATTR_SPOOR_BATCH_ID]: textOf(id) }),
    input: noInput,
    response: batchResponse,
    output: noOutput,
  };
}

/** Its usage grows while it is worked on, and each answer says it anew, so it is no usage of the call. */
function batchResponse(value: unknown): CallResponse {
  const batch = fieldsOf(value);
  const counts = fieldsOf(batch['request_counts']);
  return {
    model: textOf(batch['model']),
    status: textOf(batch['status']),
    error: errorOf(batch['error']),
    providerAttributes: {
      [spoor.ATTR_SPOOR_BATCH_ID]: textOf(batch['id']),
      [spoor.ATTR_SPOOR_BATCH_REQUEST_COUNT]: numberOf(counts['total']),
      [spoor.ATTR_SPOOR_BATCH_COMPLETED_COUNT]: numberOf(counts['completed']),
      [spoor.ATTR_SPOOR_BATCH_FAILED_COUNT]: numberOf(counts['failed']),
    },
  };
}

/** `files.create` */
export const uploadFile: CallMapper = {
  request: ([body], client) =>
    plainRequest('upload_file', client, {
      [spoor.ATTR_SPOOR_FILE_PURPOSE]: textOf(fieldsOf(body)['purpose']),
    }),
  input: noInput,
  response: (value) => {
    const file = fieldsOf(value);
    return {
      status: textOf(file['status']),
      error: errorOf(file['error']),
      providerAttributes: {
        [spoor.ATTR_SPOOR_FILE_ID]: textOf(file['id']),
        [spoor.ATTR_SPOOR_FILE_SIZE]: numberOf(file['bytes']),
      },
    };
  },
  output: noOutput,
};

/** `vectorStores.search`: a page of what was found, which would fetch the next one when it is iterated. */
export const searchStore: CallMapper = {
  request: ([store, body], client) => ({
    ...plainRequest(GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL, client, {
      [ATTR_GEN_AI_DATA_SOURCE_ID]: textOf(store),
      [ATTR_GEN_AI_RETRIEVAL_TOP_K]: numberOf(fieldsOf(body)['max_num_results']),
    }),
    target: textOf(store),
  }),
  input: ([, body]): CallInput => {
    const query = fieldsOf(body)['query'];
    return { query: textOf(query) ?? listOf(query).join('\n') };
  },
  response: (value) => ({ error: errorOf(fieldsOf(value)['error']) }),
  output: (value): CallOutput => ({ documents: listOf(fieldsOf(value)['data']).map(foundDocument) }),
  streamOf: () => undefined,
};

function foundDocument(value: unknown): JsonValue {
  const { file_id: id, filename, score, content } = fieldsOf(value);
  const texts = listOf(content).flatMap((part) => textOf(fieldsOf(part)['text']) ?? []);
  return withoutGaps<Record<string, JsonValue>>({
    id: textOf(id),
    score: numberOf(score),
    name: textOf(filename),
    content: texts.length === 0 ? undefined : texts.join('\n'),
  });
}

function noInput(): CallInput {
  return {};
}
