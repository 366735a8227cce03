import * as spoor from '../../semconv/spoor-attributes.js';
import type { CallMapper, CallMethod } from '../../src/instrument/call-mapper.js';
import { fieldsOf, numberOf, textOf, type Fields } from '../../src/instrument/read.js';
import type { CallRequest, CallResponse, StreamReducer } from '../../src/instrument/records.js';
import { makesOwnSpans } from './instrumentation-native.js';
import { requestOf } from './request.js';

/**
 * Calls by which no model runs: batches, whose answers come hours later, and files. Their spans say what was asked for and how
 * far it has come, and hold no content. Where the SDK makes spans of its own, these are left to it.
 */
type Facts = NonNullable<CallResponse['providerAttributes']>;

function plain(
  operation: string,
  facts: (args: readonly unknown[]) => Facts,
  response: CallMapper['response'],
): CallMapper {
  return {
    request: (args, client): CallRequest => ({
      ...requestOf(operation, undefined, fieldsOf(client)),
      providerAttributes: facts(args),
    }),
    input: () => ({}),
    response,
    output: () => ({}),
  };
}

const byId = ([id]: readonly unknown[]): Facts => ({ [spoor.ATTR_SPOOR_BATCH_ID]: textOf(id) });

const create = plain(
  'create_batch',
  ([params]) => {
    const requests = fieldsOf(params)['requests'];
    return { [spoor.ATTR_SPOOR_BATCH_REQUEST_COUNT]: Array.isArray(requests) ? requests.length : undefined };
  },
  readBatch,
);
const retrieve = plain('retrieve_batch', byId, readBatch);
const cancel = plain('cancel_batch', byId, readBatch);
const results: CallMapper = {
  ...plain('retrieve_batch_results', byId, () => ({})),
  reducer: createResultsReducer,
};

/** The requests of a batch are counted by how far they have come. */
function readBatch(value: unknown): CallResponse {
  const batch = fieldsOf(value);
  const counts = fieldsOf(batch['request_counts']);
  return {
    status: textOf(batch['processing_status']),
    providerAttributes: {
      [spoor.ATTR_SPOOR_BATCH_ID]: textOf(batch['id']),
      [spoor.ATTR_SPOOR_BATCH_REQUEST_COUNT]: sumOf(counts),
      [spoor.ATTR_SPOOR_BATCH_COMPLETED_COUNT]: numberOf(counts['succeeded']),
      [spoor.ATTR_SPOOR_BATCH_FAILED_COUNT]: numberOf(counts['errored']),
    },
  };
}

function sumOf(counts: Fields): number | undefined {
  const all = Object.values(counts).flatMap((count) => numberOf(count) ?? []);
  return all.length === 0 ? undefined : all.reduce((sum, count) => sum + count, 0);
}

/**
 * Counts the results as the program reads them. What they cost is not summed: they can be read again, and would then have cost
 * twice as much.
 */
export function createResultsReducer(): StreamReducer {
  let count = 0;
  let succeeded = 0;
  let errored = 0;
  return {
    add(chunk: unknown): void {
      const type = fieldsOf(fieldsOf(chunk)['result'])['type'];
      count += 1;
      if (type === 'succeeded') succeeded += 1;
      else if (type === 'errored') errored += 1;
    },
    response: () => ({
      providerAttributes: {
        [spoor.ATTR_SPOOR_BATCH_REQUEST_COUNT]: count,
        [spoor.ATTR_SPOOR_BATCH_COMPLETED_COUNT]: succeeded,
        [spoor.ATTR_SPOOR_BATCH_FAILED_COUNT]: errored,
      },
    }),
    output: () => ({}),
    finished: false,
  };
}

const upload = plain(
  'upload_file',
  () => ({}),
  (value) => {
    const file = fieldsOf(value);
    return {
      providerAttributes: {
        [spoor.ATTR_SPOOR_FILE_ID]: textOf(file['id']),
        [spoor.ATTR_SPOOR_FILE_SIZE]: numberOf(file['size_bytes']),
      },
    };
  },
);

const leftToSdk = { tracesItself: makesOwnSpans, isTakenOver: false } as const;

/** `results` asks for the batch first. */
export const BATCH_METHODS: readonly CallMethod[] = [
  ...['messages.batches', 'beta.messages.batches'].flatMap((resource): CallMethod[] => [
    { resource, method: 'create', mapper: create, ...leftToSdk },
    { resource, method: 'retrieve', mapper: retrieve, ...leftToSdk },
    { resource, method: 'cancel', mapper: cancel, ...leftToSdk },
    { resource, method: 'results', mapper: results, coversInner: true, ...leftToSdk },
  ]),
  { resource: 'beta.files', method: 'upload', mapper: upload, ...leftToSdk },
];
