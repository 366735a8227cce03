/** How the loopback provider answers: Google's wire format, with faults. Content invented. */

const PROMPT = { promptTokenCount: 12, toolUsePromptTokenCount: 3 };
const USAGE = {
  ...PROMPT,
  candidatesTokenCount: 3,
  thoughtsTokenCount: 7,
  cachedContentTokenCount: 4,
  totalTokenCount: 25,
};

function content(...parts) {
  return { role: 'model', parts };
}

function answer(candidates, extra = {}) {
  return {
    candidates,
    usageMetadata: USAGE,
    modelVersion: 'gemini-test-001',
    responseId: 'resp_1',
    ...extra,
  };
}
const said = (text, finishReason = 'STOP', index = 0) => ({
  content: content({ text }),
  finishReason,
  index,
});
const error = (code, status, message) => ({ error: { code, message, status } });

const BEGIN = { usageMetadata: PROMPT };
const send = (x, parts, extra, reason) =>
  x.event(
    answer(
      [{ content: content(...parts), index: 0, ...(reason === undefined ? {} : { finishReason: reason }) }],
      extra,
    ),
  );

async function words(x, list) {
  x.startEvents();
  for (const text of list) await send(x, [{ text }], BEGIN);
}

async function wholeStream(x) {
  await words(x, ['Hel', 'lo']);
  await send(x, [{ text: ' there.', thoughtSignature: 'c2ln' }], {}, 'STOP');
  x.end();
}

const CALL = { functionCall: { id: 'call_a', name: 'get_weather', args: { city: 'Rome' } } };
const PARTS = [
  { text: 'Think first.', thought: true },
  { executableCode: { id: 'code_1', language: 'PYTHON', code: 'print(6*7)' } },
  { codeExecutionResult: { id: 'code_1', outcome: 'OUTCOME_OK', output: '42' } },
  { inlineData: { mimeType: 'image/png', data: 'c3Bvb3I=' } },
  { fileData: { mimeType: 'video/mp4', fileUri: 'https://example.org/a.mp4' } },
  { text: 'Done.', thoughtSignature: 'c2ln' },
  { thoughtSignature: 'c2ln' },
  { partOfTomorrow: { colour: 'red' } },
];

const isSecondRound = (x) => JSON.stringify(x.body.contents).includes('functionResponse');
const isStream = (x) => x.request.url.includes(':streamGenerateContent');

async function tools(x) {
  const parts = isSecondRound(x) ? [{ text: 'It is sunny.' }] : [CALL];
  if (!isStream(x)) {
    x.json(200, answer([{ content: content(...parts), finishReason: 'STOP', index: 0 }]));
    return;
  }
  x.startEvents();
  await send(x, parts, {}, 'STOP');
  x.end();
}

/** The SDK shows the program the headers of the answer, so the time of day must not be one of them. */
export function timeless(plan) {
  return (x) => {
    x.response.sendDate = false;
    return plan(x);
  };
}

const PLANS = {
  answer: async (x) => (isStream(x) ? wholeStream(x) : x.json(200, answer([said('Hello there.')]))),
  parts: async (x) => x.json(200, answer([{ content: content(...PARTS), finishReason: 'STOP', index: 0 }])),
  candidates: async (x) => x.json(200, answer([said('One.'), said('Two', 'MAX_TOKENS', 1)])),
  blocked: async (x) =>
    x.json(200, {
      promptFeedback: { blockReason: 'SAFETY' },
      usageMetadata: { promptTokenCount: 12, totalTokenCount: 12 },
      modelVersion: 'gemini-test-001',
      responseId: 'resp_1',
    }),
  filtered: async (x) => x.json(200, answer([{ finishReason: 'RECITATION', index: 0 }])),
  tools,
  embed: async (x) =>
    x.json(200, {
      embeddings: x.body.requests.map(() => ({ values: [0.1, 0.2] })),
    }),
  images: async (x) =>
    x.json(200, {
      predictions: [
        { bytesBase64Encoded: 'c3Bvb3I=', mimeType: 'image/png', prompt: 'A red fox.' },
        { raiFilteredReason: 'Not allowed.' },
      ],
    }),
  count: async (x) => x.json(200, { totalTokens: 14 }),
  empty: async (x) => x.json(200, {}),
  malformed: async (x) => x.json(200, '{"candidates": [{'),
  tooMany: async (x) => x.json(429, error(429, 'RESOURCE_EXHAUSTED', 'Slow down.')),
  badRequest: async (x) => x.json(400, error(400, 'INVALID_ARGUMENT', 'Bad value.')),
  hang: async (x) => x.hang(),

  streamHang: async (x) => {
    await words(x, ['Hel', 'lo']);
    await x.hang();
  },
  streamCut: async (x) => {
    await words(x, ['Hel', 'lo']);
    await x.cut();
  },
  streamError: async (x) => {
    await words(x, ['Hel']);
    await x.event(error(503, 'UNAVAILABLE', 'Overloaded.'));
    x.end();
  },
  streamBlocked: async (x) => {
    x.startEvents();
    await x.event({ promptFeedback: { blockReason: 'SAFETY' }, ...BEGIN, responseId: 'resp_1' });
    x.end();
  },
  streamCandidates: async (x) => {
    x.startEvents();
    for (const [index, text] of [
      [1, 'Tw'],
      [0, 'On'],
      [1, 'o.'],
    ]) {
      await x.event(answer([{ content: content({ text }), index }], BEGIN));
    }
    await x.event(answer([said('e.'), { finishReason: 'MAX_TOKENS', index: 1 }]));
    x.end();
  },
  streamTools: async (x) => {
    x.startEvents();
    await send(x, [{ text: 'Two ', thought: true }], BEGIN);
    await send(x, [{ text: 'tools.', thought: true }], BEGIN);
    await send(x, [CALL, { functionCall: { name: 'get_time', args: { zone: 'CET' } } }], BEGIN);
    await send(x, [{ text: '', thoughtSignature: 'c2ln' }], {}, 'STOP');
    x.end();
  },
  streamArguments: async (x) => {
    x.startEvents();
    const piece = (functionCall) => send(x, [{ functionCall }], BEGIN);
    await piece({ name: 'plan_trip', willContinue: true });
    await piece({ partialArgs: [{ jsonPath: '$.stops[0].city', stringValue: 'Ro' }], willContinue: true });
    await piece({ partialArgs: [{ jsonPath: '$.stops[0].city', stringValue: 'me' }], willContinue: true });
    await piece({ partialArgs: [{ jsonPath: '$.days', numberValue: 0 }], willContinue: true });
    await send(x, [{ functionCall: {} }], {}, 'STOP');
    x.end();
  },
  flood: async (x) => {
    const filler = 'x'.repeat(16_384);
    await words(x, []);
    let sent = 0;
    for (; sent < 2000 && !x.isClosed; sent += 1) await send(x, [{ text: filler }], BEGIN);
    x.scene.events.push({ name: 'flood', isCount: true, sent });
    x.end();
  },
};

export const plans = Object.fromEntries(Object.entries(PLANS).map(([name, plan]) => [name, timeless(plan)]));
