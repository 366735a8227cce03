import { call, env, field, method, notYet, nothing, words } from './targets.js';

/** Reflect, by StarlightSearch: the Python SDK. */
export const REFLECT = {
  product: 'Reflect',
  file: 'docs/from-reflect.md',
  lead: [
    'Covers the Python SDK `reflect-sdk`. Its traces, reviews and memories are not there yet; what can be done today is to record the run as a session and to judge it.',
  ],
  sections: [
    {
      title: 'Client',
      rows: [
        ['ReflectClient', call('SpoorClient')],
        ['base_url', field('ClientOptions', 'baseUrl')],
        ['api_key', field('ClientOptions', 'apiKey')],
        ['project_id', field('ClientOptions', 'project')],
        ['timeout', field('ClientOptions', 'timeoutMs'), 'Milliseconds here.'],
        ['bootstrap', nothing('a translator of your own needs no keys to begin with')],
        ['health', method('SpoorClient', 'health')],
      ],
    },
    {
      title: 'Traces and reviews',
      rows: [
        ['create_trace', notYet('createTrace'), 'Today: `withSession({ task }, …)`.'],
        ['create_trace_and_wait', notYet('createTraceAndWait')],
        [
          'review_trace',
          notYet('reviewTrace'),
          'Today: `endSession({ sessionId, isSuccessful, isSuccessfulReason })`, at any time.',
        ],
        ['wait_for_trace', notYet('waitForTrace')],
        ['get_trace', notYet('getTrace'), 'Today: `client.sessions.get(id)`, or `spoor show <session>`.'],
        ['list_traces', notYet('listTraces'), 'Today: `client.sessions.list()`, or `spoor sessions`.'],
        ['trace / trace_async', notYet('withTrace')],
        ['set_output', notYet('finishTrace')],
        ['reflect_trace', call('agent'), 'Records the run; reviews come later.'],
        ['converters.from_openai_agents', nothing('the SDKs are traced as they run')],
      ],
    },
    {
      title: 'Parameters of traces and reviews',
      rows: [
        ['task', words('`task` of `startSession`')],
        ['trajectory', nothing('it is read from the spans')],
        ['final_response', words('not yet: `finalResponse`')],
        ['retrieved_memory_ids', words('not yet: `retrievedMemoryIds`')],
        ['model', words('on each recorded call')],
        ['metadata', words('`metadata` of `startSession`')],
        ['review_result / result', words('`isSuccessful` of `endSession`')],
        ['feedback_text', words('`isSuccessfulReason` of `endSession`')],
        ['alpha', words('not yet: `alpha`')],
        ['trace_id', words('not yet: the first argument')],
        ['review_status', words('not yet: `reviewStatus`')],
        ['require_reviewed', words('not yet: `requireReviewed`')],
        ['poll_interval', words('not yet: `pollIntervalMs`'), 'Milliseconds here.'],
        ['wait_timeout', words('not yet: `waitTimeoutMs`'), 'Milliseconds here.'],
        ['ingest_status', words('not yet: `ingestStatus`')],
        ['created_memory_id', words('not yet: `createdMemoryId`')],
      ],
    },
    {
      title: 'Classes and errors',
      rows: [
        ['TraceSubmission', words('not yet: `{ id, ingestStatus }`')],
        ['Trace', words('not yet: the result of `getTrace`')],
        ['Review', words('not yet: a field of the trace')],
        ['Memory', words('not yet: the result of `queryMemories`')],
        ['AugmentedTask', words('not yet: the result of `augmentWithMemories`')],
        ['TraceContext', words('not yet: the argument of `withTrace`')],
        ['RuntimeError', notYet('IngestFailed')],
        ['TimeoutError', words('not yet: an error of that name')],
      ],
    },
    {
      title: 'Memories',
      rows: [
        [
          'query_memories / query_memories_async',
          notYet('queryMemories'),
          'Today: record the look-up with `retrieval`.',
        ],
        ['augment_with_memories', notYet('augmentWithMemories')],
        ['create_memory', notYet('createMemory')],
        [
          'limit / lambda_ / metadata_filter / similarity_threshold / mmr_lambda',
          words('not yet: options of `queryMemories`'),
        ],
      ],
    },
    {
      title: 'Environment',
      rows: [
        [
          'REFLECT_API_KEY',
          env('SPOOR_API_KEY'),
          'Not honoured as it is: it is the key of a service that takes no OTLP.',
        ],
        ['REFLECT_API_URL', env('SPOOR_ENDPOINT'), 'Not honoured as it is, for the same reason.'],
        ['REFLECT_PROJECT_ID', field('ClientOptions', 'project')],
        ['Q_LEARNING_ALPHA', words('not yet: `alpha`')],
      ],
    },
  ],
};
