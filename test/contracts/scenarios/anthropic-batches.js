import { BODY, span } from './anthropic-spans.js';

/** Batches and files. Content invented. From 0.134 on the SDK makes spans of its own for these calls, which are left as they are. */
/** The SDK makes no span. */
const PLAIN = { openTelemetry: false };
const COUNTS = { processing: 0, succeeded: 2, errored: 1, canceled: 0, expired: 0 };
const batch = (status, counts, extra = {}) => ({
  id: 'msgbatch_1',
  type: 'message_batch',
  processing_status: status,
  request_counts: counts,
  results_url: null,
  ...extra,
});
const result = (id, outcome) => ({ custom_id: id, result: outcome });
const RESULTS = [
  result('a', { type: 'succeeded', message: { id: 'msg_1', usage: { input_tokens: 3, output_tokens: 1 } } }),
  result('b', { type: 'errored', error: { type: 'error', error: { type: 'api_error', message: 'No.' } } }),
  result('c', { type: 'succeeded', message: { id: 'msg_2', usage: { input_tokens: 3, output_tokens: 1 } } }),
];

const isResults = ({ request }) => /\/results(\?|$)/.test(request.url);
const address = ({ request }) => `http://${request.headers.host}${request.url.replace(/\?.*/, '')}/results`;
const ended = (x, extra) => x.json(200, batch('ended', COUNTS, { results_url: address(x), ...extra }));

export const plans = {
  batchMade: async (x) =>
    x.json(200, batch('in_progress', { processing: 3, succeeded: 0, errored: 0, canceled: 0, expired: 0 })),
  batchEnded: async (x) => {
    if (!isResults(x)) ended(x);
    else x.bytes('application/binary', RESULTS.map((one) => `${JSON.stringify(one)}\n`).join(''));
  },
  batchHang: async (x) => {
    if (!isResults(x)) {
      ended(x);
      return;
    }
    x.response.writeHead(200, { 'content-type': 'application/binary' });
    x.response.write(`${JSON.stringify(RESULTS[0])}\n`);
    await x.hang();
  },
  batchMissing: async (x) =>
    x.json(404, { type: 'error', error: { type: 'not_found_error', message: 'No such batch.' } }),
  fileMade: async (x) =>
    x.json(200, { id: 'file_1', type: 'file', filename: 'a.txt', mime_type: 'text/plain', size_bytes: 3 }),
};

function plainSpan(operation, attributes, extra = {}) {
  const all = {
    'gen_ai.operation.name': operation,
    'gen_ai.provider.name': 'anthropic',
    'server.address': '127.0.0.1',
    'server.port': 'PORT',
    'spoor.outcome': 'completed',
    ...attributes,
  };
  const known = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return span(known, { name: operation, ...extra });
}
const counts = (total, completed, failed) => ({
  'spoor.batch.id': 'msgbatch_1',
  'spoor.batch.request_count': total,
  'spoor.batch.completed_count': completed,
  'spoor.batch.failed_count': failed,
});

/** `options`: whether the SDK traces itself. */
const made = (options) => ({
  async run({ makeClient: make, log, shape }) {
    const makeClient = (plan) => make(plan, options);
    const requests = ['a', 'b', 'c'].map((id) => ({ custom_id: id, params: BODY }));
    const promise = makeClient('batchMade').messages.batches.create({ requests });
    shape('promise', promise);
    log('made', await promise);
    log('ended', await makeClient('batchEnded').messages.batches.retrieve('msgbatch_1'));
    log('cancelled', await makeClient('batchMade').beta.messages.batches.cancel('msgbatch_1'));
  },
  spans: [
    plainSpan('create_batch', { 'gen_ai.response.status': 'in_progress', ...counts(3, 0, 0) }),
    plainSpan('retrieve_batch', { 'gen_ai.response.status': 'ended', ...counts(3, 2, 1) }),
    plainSpan('cancel_batch', { 'gen_ai.response.status': 'in_progress', ...counts(3, 0, 0) }),
  ],
});
const read = {
  async run({ makeClient, log }) {
    for (const { batches } of [
      makeClient('batchEnded', PLAIN).messages,
      makeClient('batchEnded', PLAIN).beta.messages,
    ]) {
      const results = await batches.results('msgbatch_1');
      for await (const one of results) log('result', one);
    }
  },
  spans: Array(2).fill(
    plainSpan('retrieve_batch_results', {
      'gen_ai.response.time_to_first_chunk': 'SECONDS',
      'spoor.stream.chunk_count': 3,
      ...counts(3, 2, 1),
    }),
  ),
};
const brokenOff = {
  async run({ makeClient, log, awaitEvent }) {
    const results = await makeClient('batchHang', PLAIN).messages.batches.results('msgbatch_1');
    for await (const one of results) {
      log('result', one);
      break;
    }
    results.controller.abort();
    log('closed', (await awaitEvent('closed by client')).seen);
  },
  spans: [
    plainSpan('retrieve_batch_results', {
      'gen_ai.response.time_to_first_chunk': 'SECONDS',
      'spoor.stream.chunk_count': 1,
      'spoor.outcome': 'cancelled',
      ...counts(1, 1, 0),
    }),
  ],
};
const unfinished = {
  async run({ makeClient, attempt }) {
    await attempt('results', () => makeClient('batchMade', PLAIN).messages.batches.results('msgbatch_1'));
    await attempt('batch', () => makeClient('batchMissing', PLAIN).messages.batches.retrieve('msgbatch_2'));
  },
  spans: [
    plainSpan(
      'retrieve_batch_results',
      { 'spoor.batch.id': 'msgbatch_1', 'error.type': 'AnthropicError', 'spoor.outcome': 'failed' },
      { status: { code: 2, message: 'ANY' } },
    ),
    plainSpan(
      'retrieve_batch',
      { 'spoor.batch.id': 'msgbatch_2', 'error.type': 'NotFoundError', 'spoor.outcome': 'failed' },
      { status: { code: 2, message: 'ANY' } },
    ),
  ],
};
const file = {
  async run({ makeClient, log }) {
    const content = new File([new Uint8Array([1, 2, 3])], 'a.txt', { type: 'text/plain' });
    log('file', await makeClient('fileMade', PLAIN).beta.files.upload({ file: content }));
  },
  spans: [plainSpan('upload_file', { 'spoor.file.id': 'file_1', 'spoor.file.size': 3 })],
};

/** The span of the SDK, as it is without us. */
function nativeSpan(name, method, route, attributes = {}) {
  return {
    name: `anthropic.${name}`,
    kind: 2,
    status: { code: 1 },
    attributes: {
      'anthropic.message.batch.id': 'msgbatch_1',
      'gen_ai.provider.name': 'anthropic',
      'http.request.method': method,
      'http.response.status_code': 200,
      'http.route': route,
      'server.address': '127.0.0.1',
      'server.port': 'PORT',
      'url.full': 'URL',
      'url.path': 'PATH',
      'url.scheme': 'http',
      ...attributes,
    },
    events: [],
    scope: 'com.anthropic.sdk.typescript',
    parent: null,
  };
}

export const scenarios = {
  'batch made, asked for and called off': made(PLAIN),
  'results of a batch': read,
  'results of a batch, not read to the end': brokenOff,
  'results of a batch that has not ended': unfinished,
  // The first version of the matrix has no files.
  'file sent': { ...file, since: '0.60' },
  'batch, traced by the SDK': {
    ...made(),
    since: '0.134',
    spans: [
      nativeSpan('messages.batches.create', 'POST', '/v1/messages/batches', {
        'anthropic.message.batch.request_count': 3,
      }),
      nativeSpan('messages.batches.retrieve', 'GET', '/v1/messages/batches/{message_batch_id}'),
      nativeSpan('messages.batches.cancel', 'POST', '/v1/messages/batches/{message_batch_id}/cancel'),
    ],
  },
};
