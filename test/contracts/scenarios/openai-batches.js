import { span } from './openai-spans.js';

/** Batches, files and the search in vector stores. Content invented. */
const batch = (status, counts, extra = {}) => ({
  id: 'batch_1',
  object: 'batch',
  endpoint: '/v1/chat/completions',
  input_file_id: 'file_1',
  completion_window: '24h',
  status,
  request_counts: counts,
  ...extra,
});

export const plans = {
  batchMade: async (x) => x.json(200, batch('validating', { total: 0, completed: 0, failed: 0 })),
  batchDone: async (x) =>
    x.json(
      200,
      batch(
        'completed',
        { total: 3, completed: 2, failed: 1 },
        { model: 'gpt-4o', usage: { input_tokens: 9 } },
      ),
    ),
  batchCancelled: async (x) => x.json(200, batch('cancelling', { total: 3, completed: 1, failed: 0 })),
  batchMissing: async (x) =>
    x.json(404, { error: { message: 'No such batch.', type: 'invalid_request_error' } }),
  fileMade: async (x) =>
    x.json(200, {
      id: 'file_1',
      object: 'file',
      bytes: 3,
      filename: 'requests.jsonl',
      purpose: 'batch',
      status: 'processed',
    }),
  storeFound: async (x) =>
    x.json(200, {
      object: 'vector_store.search_results.page',
      search_query: ['dunes'],
      data: [
        {
          file_id: 'file_1',
          filename: 'sand.txt',
          score: 0.9,
          attributes: {},
          content: [{ type: 'text', text: 'Dunes move.' }],
        },
        { file_id: 'file_2', filename: 'sea.txt', score: 0.1, attributes: {}, content: [] },
      ],
      has_more: false,
      next_page: null,
    }),
};

const counts = (total, completed, failed) => ({
  'spoor.batch.id': 'batch_1',
  'spoor.batch.request_count': total,
  'spoor.batch.completed_count': completed,
  'spoor.batch.failed_count': failed,
});

function plainSpan(operation, attributes, extra = {}) {
  const all = {
    'gen_ai.operation.name': operation,
    'gen_ai.provider.name': 'openai',
    'server.address': '127.0.0.1',
    'server.port': 'PORT',
    'spoor.outcome': 'completed',
    ...attributes,
  };
  return { ...span(all), name: operation, ...extra };
}

export const scenarios = {
  'batch made, asked for and called off': {
    async run({ makeClient, log, shape }) {
      const body = {
        input_file_id: 'file_1',
        endpoint: '/v1/chat/completions',
        completion_window: '24h',
      };
      const promise = makeClient('batchMade').batches.create(body);
      shape('promise', promise);
      log('made', await promise);
      log('done', await makeClient('batchDone').batches.retrieve('batch_1'));
      log('cancelled', await makeClient('batchCancelled').batches.cancel('batch_1'));
    },
    spans: [
      plainSpan('create_batch', {
        'openai.api.type': 'chat_completions',
        'spoor.file.id': 'file_1',
        'gen_ai.response.status': 'validating',
        ...counts(0, 0, 0),
      }),
      plainSpan('retrieve_batch', {
        'gen_ai.response.model': 'gpt-4o',
        'gen_ai.response.status': 'completed',
        ...counts(3, 2, 1),
      }),
      plainSpan('cancel_batch', { 'gen_ai.response.status': 'cancelling', ...counts(3, 1, 0) }),
    ],
  },
  'batch that is not there': {
    async run({ makeClient, attempt }) {
      await attempt('batch', () => makeClient('batchMissing').batches.retrieve('batch_2'));
    },
    spans: [
      plainSpan(
        'retrieve_batch',
        { 'spoor.batch.id': 'batch_2', 'error.type': 'NotFoundError', 'spoor.outcome': 'failed' },
        { status: { code: 2, message: '404 No such batch.' } },
      ),
    ],
  },
  'file sent': {
    async run({ makeClient, log }) {
      const file = new File([new Uint8Array([1, 2, 3])], 'requests.jsonl');
      log('file', await makeClient('fileMade').files.create({ file, purpose: 'batch' }));
    },
    spans: [
      plainSpan('upload_file', {
        'spoor.file.id': 'file_1',
        'spoor.file.purpose': 'batch',
        'spoor.file.size': 3,
        'gen_ai.response.status': 'processed',
      }),
    ],
  },
  'search in a vector store': {
    async run({ makeClient, log, shape }) {
      const body = { query: 'dunes', max_num_results: 2 };
      const promise = makeClient('storeFound').vectorStores.search('vs_1', body);
      shape('promise', promise);
      const page = await promise;
      shape('page', page);
      log('data', page.data);
      for await (const one of page) log('found', one.filename);
      for await (const one of makeClient('storeFound').vectorStores.search('vs_1', { query: ['a', 'b'] })) {
        log('iterated', one.filename);
      }
    },
    spans: [
      { 'gen_ai.retrieval.query.text': 'dunes', 'gen_ai.retrieval.top_k': 2 },
      { 'gen_ai.retrieval.query.text': 'a\nb' },
    ].map((asked) =>
      plainSpan(
        'retrieval',
        {
          'gen_ai.data_source.id': 'vs_1',
          'gen_ai.retrieval.documents': [
            { id: 'file_1', score: 0.9, name: 'sand.txt', content: 'Dunes move.' },
            { id: 'file_2', score: 0.1, name: 'sea.txt' },
          ],
          ...asked,
        },
        { name: 'retrieval vs_1' },
      ),
    ),
  },
};
