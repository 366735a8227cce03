import { toolRun } from './vercel-calls.js';
import {
  agentSpan,
  chainSpan,
  endedSpan,
  makeModel,
  makeTools,
  partialSpan,
  streamSpan,
  telemetry,
} from './vercel-spans.js';

/** Streamed runs, read in each of the ways that the package has. */
const stream = async (tools, plan, options = {}) => {
  const model = await makeModel(tools, plan);
  const onError = ({ error }) => tools.log('onError', `${error?.name}`);
  return tools.sdk.streamText({ model, prompt: 'Say hello.', maxRetries: 0, onError, ...options });
};
const CHUNKS = 9;
const RUN = [streamSpan('streamText', CHUNKS), chainSpan('streamText')];
const kinds = async (source) => {
  const list = [];
  for await (const { type, text, delta } of source) list.push(text ?? delta ?? type);
  return list;
};
const failedStatus = (message) => ({ code: 2, message });

export const scenarios = {
  'text stream': {
    async run(tools) {
      const result = await stream(tools, 'stream');
      tools.shape('result', result);
      tools.shape('stream', result.textStream);
      const pieces = [];
      for await (const piece of result.textStream) pieces.push(piece);
      tools.log('pieces', pieces);
      tools.log('rest', [await result.text, await result.finishReason, await result.usage]);
    },
    spans: RUN,
  },
  'full stream': {
    async run(tools) {
      const { fullStream } = await stream(tools, 'stream');
      tools.log('parts', await kinds(fullStream));
    },
    spans: RUN,
  },
  'stream of UI messages': {
    async run(tools) {
      const result = await stream(tools, 'stream');
      tools.log('parts', await kinds(result.toUIMessageStream()));
    },
    spans: RUN,
  },
  'a response of UI messages': {
    async run(tools) {
      const response = (await stream(tools, 'stream')).toUIMessageStreamResponse();
      tools.log('status', [response.status, (await response.text()).length > 100]);
    },
    spans: RUN,
  },
  'consumed by the package': {
    async run(tools) {
      const result = await stream(tools, 'stream', {
        onFinish: ({ text, totalUsage }) => tools.log('onFinish', [text, totalUsage]),
      });
      await result.consumeStream();
      tools.log('text', await result.text);
    },
    spans: RUN,
  },
  'two readers': {
    async run(tools) {
      const result = await stream(tools, 'stream');
      tools.log('both', await Promise.all([kinds(result.fullStream), kinds(result.fullStream)]));
    },
    spans: RUN,
  },
  // The tool may be done before the rest of its step has come.
  'a streamed run with a tool': {
    isUnordered: true,
    async run(tools) {
      const { sdk, log } = tools;
      const execute = async (input) => {
        log('tool', input);
        return 'sunny';
      };
      const options = { tools: makeTools(sdk, execute), stopWhen: sdk.stepCountIs(3) };
      const result = await stream(tools, 'streamRun', options);
      log('parts', await kinds(result.fullStream));
      log('steps', (await result.steps).length);
    },
    spans: [
      ...toolRun('invoke_agent', (parent, extra) =>
        streamSpan(parent, 'gen_ai.input.messages' in extra ? 7 : 8, extra),
      ),
      agentSpan(undefined, { 'spoor.observation.output': 'It is sunny.' }),
    ],
  },
  'an abort in the middle': {
    async run(tools) {
      const controller = new AbortController();
      const result = await stream(tools, 'streamHang', { abortSignal: controller.signal });
      const seen = [];
      for await (const part of result.fullStream) {
        seen.push(part.text ?? part.type);
        if (part.text === 'lo') controller.abort();
      }
      tools.log('parts', seen);
      await tools.awaitEvent('closed by client');
    },
    isUnordered: true,
    spans: [
      partialSpan('streamText', 'Hello', 6, 'cancelled'),
      chainSpan('streamText', { 'spoor.observation.output': 'Hello', 'spoor.outcome': 'cancelled' }),
    ],
  },
  // The package keeps a second branch of the stream for itself, so it goes on; nobody tells when the run is over.
  'an early break': {
    async run(tools) {
      const result = await stream(tools, 'streamHang');
      for await (const piece of result.textStream) {
        tools.log('piece', piece);
        break;
      }
      await tools.delay(30);
    },
    isUnordered: true,
    spans: [
      partialSpan('streamText', 'Hello', 6, 'abandoned'),
      chainSpan('streamText', { 'spoor.observation.output': undefined, 'spoor.outcome': 'abandoned' }),
    ],
  },
  'a connection that breaks': {
    async run(tools) {
      const result = await stream(tools, 'streamCut');
      await tools.attempt('parts', () => kinds(result.fullStream));
    },
    spans: [
      partialSpan('streamText', 'Hello', 6, 'failed', { 'error.type': 'ANY' }, failedStatus('ANY')),
      chainSpan(
        'streamText',
        { 'spoor.observation.output': 'Hello', 'error.type': 'ANY', 'spoor.outcome': 'failed' },
        { status: failedStatus('ANY') },
      ),
    ],
  },
  'an error before the stream': {
    async run(tools) {
      const result = await stream(tools, 'badRequest');
      await tools.attempt('parts', () => kinds(result.fullStream));
      result.text.then(undefined, () => {});
    },
    spans: [
      endedSpan(
        'streamText',
        'failed',
        { 'gen_ai.request.stream': true, 'error.type': 'AI_APICallError' },
        failedStatus('Bad value.'),
      ),
      chainSpan(
        'streamText',
        { 'spoor.observation.output': undefined, 'error.type': 'AI_APICallError', 'spoor.outcome': 'failed' },
        { status: failedStatus('Bad value.') },
      ),
    ],
  },
  'no output, where that was asked for': {
    async run(tools) {
      const result = await stream(tools, 'stream', telemetry({ recordOutputs: false }));
      tools.log('parts', await kinds(result.fullStream));
    },
    spans: [
      streamSpan('streamText', CHUNKS, { 'gen_ai.output.messages': undefined }),
      chainSpan('streamText', { 'spoor.observation.output': undefined }),
    ],
    until: '7',
  },
  'a stream that nobody reads': {
    async run(tools) {
      await stream(tools, 'streamHang');
      await tools.awaitEvent('request');
      await tools.delay(30);
    },
    isUnordered: true,
    spans: [
      partialSpan('streamText', 'Hello', 6, 'abandoned'),
      chainSpan('streamText', { 'spoor.observation.output': undefined, 'spoor.outcome': 'abandoned' }),
    ],
  },
};
