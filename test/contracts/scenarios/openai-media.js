import { REQUEST, span } from './openai-spans.js';

/** Images, audio and moderations. */
const IMAGE = Buffer.from('not a real image').toString('base64');
const BLOB = { type: 'blob', modality: 'image', mime_type: 'image/png', sha256: 'HASH', bytes: 16 };
const FILE = { type: 'blob', modality: 'audio', mime_type: 'audio/mpeg', bytes: 3, name: 'a.mp3' };
const audioFile = () => new File([new Uint8Array([1, 2, 3])], 'a.mp3', { type: 'audio/mpeg' });
const imageFile = (name) => new File([new Uint8Array([1, 2, 3, 4])], name, { type: 'image/png' });
const upload = (name) => ({ type: 'blob', modality: 'image', mime_type: 'image/png', bytes: 4, name });
const text = (content) => ({ type: 'text', content });
const asked = (...parts) => [{ role: 'user', parts }];
const answered = (...parts) => [{ role: 'assistant', parts }];
const IMAGE_USAGE = { 'gen_ai.usage.input_tokens': 9, 'gen_ai.usage.output_tokens': 40 };

export const plans = {
  image: async (x) =>
    x.json(200, {
      created: 1700000000,
      output_format: 'png',
      data: [{ b64_json: IMAGE }],
      usage: { input_tokens: 9, output_tokens: 40, total_tokens: 49 },
    }),
  imageUrls: async (x) =>
    x.json(200, {
      created: 1700000000,
      data: [
        { url: 'https://example.org/1.png', revised_prompt: 'A dune at dawn.' },
        { url: 'https://example.org/2.png' },
      ],
    }),
  imageStream: async (x) => {
    x.startEvents();
    await sketch(x, 0);
    await x.event(
      {
        type: 'image_generation.completed',
        b64_json: IMAGE,
        output_format: 'png',
        created_at: 1700000000,
        usage: { input_tokens: 9, output_tokens: 40, total_tokens: 49 },
      },
      'image_generation.completed',
    );
    x.end();
  },
  imageStreamHang: async (x) => {
    x.startEvents();
    await sketch(x, 0);
    await x.hang();
  },
  transcript: async (x) =>
    x.json(200, {
      text: 'Good morning.',
      usage: { type: 'tokens', input_tokens: 14, output_tokens: 5, total_tokens: 19 },
    }),
  transcriptText: async (x) => x.bytes('text/plain; charset=utf-8', 'Good morning.\n'),
  transcriptByTheMinute: async (x) =>
    x.json(200, { text: 'Good morning.', usage: { type: 'duration', seconds: 2 } }),
  transcriptStream: async (x) => {
    x.startEvents();
    for (const delta of ['Good', ' morning.']) {
      await x.event({ type: 'transcript.text.delta', delta }, 'transcript.text.delta');
    }
    const usage = { type: 'tokens', input_tokens: 14, output_tokens: 5, total_tokens: 19 };
    await x.event({ type: 'transcript.text.done', text: 'Good morning.', usage }, 'transcript.text.done');
    x.end();
  },
  speech: async (x) => x.bytes('audio/mpeg', Buffer.alloc(100_000, 5)),
  speechHang: async (x) => {
    x.response.writeHead(200, { 'content-type': 'audio/mpeg' });
    x.response.write(Buffer.alloc(1000, 5));
    await x.hang();
  },
  moderation: async (x) =>
    x.json(200, {
      id: 'modr-1',
      model: 'omni-moderation-2024-09-26',
      results: [{ flagged: false, categories: { hate: false }, category_scores: { hate: 0.01 } }],
    }),
};

const sketch = (x, index) =>
  x.event(
    {
      type: 'image_generation.partial_image',
      b64_json: IMAGE,
      output_format: 'png',
      partial_image_index: index,
      created_at: 1700000000,
    },
    'image_generation.partial_image',
  );

export const scenarios = {
  'image, generated': {
    async run({ makeClient, log, shape }) {
      const promise = makeClient('image').images.generate({
        model: 'gpt-image-1',
        prompt: 'A dune.',
        n: 1,
      });
      shape('promise', promise);
      log('answer', await promise);
    },
    spans: [mediaSpan('gpt-image-1', 'image', asked(text('A dune.')), answered(BLOB), IMAGE_USAGE)],
  },
  'images by URL': {
    async run({ makeClient, log }) {
      log('answer', await makeClient('imageUrls').images.generate({ prompt: 'A dune.', n: 2 }));
    },
    spans: [
      mediaSpan(
        undefined,
        'image',
        asked(text('A dune.')),
        answered(
          {
            type: 'uri',
            modality: 'image',
            uri: 'https://example.org/1.png',
            revised_prompt: 'A dune at dawn.',
          },
          { type: 'uri', modality: 'image', uri: 'https://example.org/2.png' },
        ),
        { 'gen_ai.request.choice.count': 2 },
      ),
    ],
  },
  'image, edited and varied': {
    async run({ makeClient, log }) {
      const { images } = makeClient('image');
      const [image, mask] = [imageFile('dune.png'), imageFile('mask.png')];
      log('edited', await images.edit({ model: 'gpt-image-1', image, mask, prompt: 'Make it night.' }));
      log('varied', await images.createVariation({ image }));
      log('still there', [await image.text(), mask.size]);
    },
    spans: [
      mediaSpan(
        'gpt-image-1',
        'image',
        asked(text('Make it night.'), upload('dune.png'), upload('mask.png')),
        answered(BLOB),
        IMAGE_USAGE,
      ),
      mediaSpan(undefined, 'image', asked(upload('dune.png')), answered(BLOB), IMAGE_USAGE),
    ],
  },
  'image, failing': {
    async run({ makeClient, attempt }) {
      await attempt('call', () => makeClient('badRequest').images.generate({ prompt: 'A dune.' }));
    },
    spans: [
      {
        ...mediaSpan(undefined, 'image', asked(text('A dune.')), undefined, {
          'error.type': 'BadRequestError',
          'spoor.outcome': 'failed',
        }),
        status: { code: 2, message: 'ANY' },
      },
    ],
  },
  'image, streamed': {
    since: '5.11',
    async run({ makeClient, log, shape }) {
      const stream = await makeClient('imageStream').images.generate({
        model: 'gpt-image-1',
        prompt: 'A dune.',
        stream: true,
        partial_images: 1,
      });
      shape('stream', stream);
      for await (const event of stream) log('event', event);
    },
    spans: [
      mediaSpan('gpt-image-1', 'image', asked(text('A dune.')), answered(BLOB), {
        ...IMAGE_USAGE,
        ...streamed(2),
      }),
    ],
  },
  'image, streamed and broken off': {
    since: '5.11',
    async run({ makeClient, log, awaitEvent }) {
      const stream = await makeClient('imageStreamHang').images.generate({
        model: 'gpt-image-1',
        prompt: 'A dune.',
        stream: true,
        partial_images: 1,
      });
      for await (const event of stream) {
        log('event', event.type);
        break;
      }
      log('closed', (await awaitEvent('closed by client')).seen);
    },
    spans: [
      mediaSpan('gpt-image-1', 'image', asked(text('A dune.')), answered(BLOB), {
        ...streamed(1),
        'spoor.outcome': 'cancelled',
      }),
    ],
  },
  transcript: {
    async run({ makeClient, log, shape }) {
      const { transcriptions } = makeClient('transcript').audio;
      const file = audioFile();
      const promise = transcriptions.create({
        file,
        model: 'gpt-4o-transcribe',
        prompt: 'A greeting.',
        temperature: 0,
      });
      shape('promise', promise);
      log('answer', await promise);
      log('still there', (await file.arrayBuffer()).byteLength);
    },
    spans: [
      transcriptSpan(
        {
          'gen_ai.usage.input_tokens': 14,
          'gen_ai.usage.output_tokens': 5,
          'gen_ai.request.temperature': 0,
        },
        'Good morning.',
        asked(text('A greeting.'), FILE),
      ),
    ],
  },
  'transcript as bare text': {
    async run({ makeClient, log }) {
      const { transcriptions } = makeClient('transcriptText').audio;
      log(
        'answer',
        await transcriptions.create({
          file: audioFile(),
          model: 'gpt-4o-transcribe',
          response_format: 'text',
        }),
      );
    },
    spans: [transcriptSpan({}, 'Good morning.\n')],
  },
  'transcript, streamed': {
    since: '4.91',
    async run({ makeClient, log }) {
      const { transcriptions } = makeClient('transcriptStream').audio;
      const stream = await transcriptions.create({
        file: audioFile(),
        model: 'gpt-4o-transcribe',
        stream: true,
      });
      for await (const event of stream) log('event', event);
    },
    spans: [
      transcriptSpan({
        'gen_ai.usage.input_tokens': 14,
        'gen_ai.usage.output_tokens': 5,
        ...streamed(3),
      }),
    ],
  },
  translation: {
    async run({ makeClient, log }) {
      const { translations } = makeClient('transcriptByTheMinute').audio;
      log('answer', await translations.create({ file: audioFile(), model: 'gpt-4o-transcribe' }));
    },
    spans: [transcriptSpan({})],
  },
  'speech is left unread': {
    async run({ makeClient, log, shape }) {
      const promise = makeClient('speech').audio.speech.create({
        model: 'tts-1',
        voice: 'alloy',
        input: 'Good morning.',
      });
      shape('promise', promise);
      const response = await promise;
      log('unread', [response.constructor.name, response.bodyUsed]);
      log('bytes', (await response.arrayBuffer()).byteLength);
    },
    spans: [speechSpan({})],
  },
  'speech, raw': {
    async run({ makeClient, log }) {
      const response = await makeClient('speech')
        .audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'Good morning.' })
        .asResponse();
      log('bytes', (await response.arrayBuffer()).byteLength);
    },
    spans: [speechSpan({})],
  },
  'speech, broken off': {
    async run({ makeClient, log, awaitEvent }) {
      const controller = new AbortController();
      const response = await makeClient('speechHang').audio.speech.create(
        { model: 'tts-1', voice: 'alloy', input: 'Good morning.' },
        { signal: controller.signal },
      );
      log('unread', response.bodyUsed);
      controller.abort();
      log('closed', (await awaitEvent('closed by client')).seen);
    },
    spans: [speechSpan({})],
  },
  moderation: {
    async run({ makeClient, log, shape }) {
      const promise = makeClient('moderation').moderations.create({
        model: 'omni-moderation-latest',
        input: [
          { type: 'text', text: 'Hello.' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${IMAGE}` } },
        ],
      });
      shape('promise', promise);
      log('answer', await promise);
    },
    spans: [
      span({
        ...head('moderation', 'omni-moderation-latest'),
        'gen_ai.input.messages': asked(text('Hello.'), BLOB),
        'gen_ai.response.id': 'modr-1',
        'gen_ai.response.model': 'omni-moderation-2024-09-26',
        'gen_ai.output.messages': answered({
          flagged: false,
          categories: { hate: false },
          category_scores: { hate: 0.01 },
          type: 'moderation',
        }),
        'spoor.outcome': 'completed',
      }),
    ],
  },
  'media, content off': {
    isolated: true,
    env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'false' },
    async run({ makeClient, log }) {
      log('image', await makeClient('image').images.generate({ model: 'gpt-image-1', prompt: 'A dune.' }));
      const { transcriptions } = makeClient('transcript').audio;
      log('text', await transcriptions.create({ file: audioFile(), model: 'gpt-4o-transcribe' }));
    },
    spans: [
      mediaSpan('gpt-image-1', 'image', undefined, undefined, IMAGE_USAGE),
      mediaSpan('gpt-4o-transcribe', 'text', undefined, undefined, {
        'gen_ai.usage.input_tokens': 14,
        'gen_ai.usage.output_tokens': 5,
      }),
    ],
  },
};

function head(operation, model) {
  const { 'gen_ai.provider.name': provider, 'server.address': address, 'server.port': port } = REQUEST;
  return {
    'gen_ai.operation.name': operation,
    'gen_ai.provider.name': provider,
    ...(model === undefined ? {} : { 'gen_ai.request.model': model }),
    'server.address': address,
    'server.port': port,
  };
}

function mediaSpan(model, type, input, output, extra = {}) {
  const attributes = {
    ...head('generate_content', model),
    'gen_ai.output.type': type,
    'gen_ai.input.messages': input,
    'gen_ai.output.messages': output,
    'spoor.outcome': 'completed',
    ...extra,
  };
  const present = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
  return span(present, { name: model === undefined ? 'generate_content' : `generate_content ${model}` });
}

function streamed(chunks) {
  return {
    'gen_ai.request.stream': true,
    'gen_ai.response.time_to_first_chunk': 'SECONDS',
    'spoor.stream.chunk_count': chunks,
  };
}

function transcriptSpan(extra, said = 'Good morning.', input = asked(FILE)) {
  return mediaSpan('gpt-4o-transcribe', 'text', input, answered(text(said)), extra);
}

function speechSpan(extra) {
  return mediaSpan('tts-1', 'speech', asked(text('Good morning.')), undefined, extra);
}
