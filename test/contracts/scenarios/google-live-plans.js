/** How the loopback provider speaks over a WebSocket: Google's Live API, with faults. Content invented. */

const USAGE = { promptTokenCount: 12, responseTokenCount: 3, thoughtsTokenCount: 7, totalTokenCount: 22 };
const server = (serverContent, extra = {}) => ({ serverContent, ...extra });
const said = (...parts) => server({ modelTurn: { role: 'model', parts } });
const DONE = server({ turnComplete: true }, { usageMetadata: USAGE });
const HEL = said({ text: 'Hel' });
const LO = said({ text: 'lo' });
const CALL = { id: 'call_a', name: 'get_weather', args: { city: 'Rome' } };
const SOUND = 'audio/pcm;rate=24000';

async function setUp(x) {
  await x.next();
  x.send({ setupComplete: { sessionId: 'sess_1' } });
}

/** Until the program has said everything that it says at once. */
async function listen(x, isLast) {
  for (let message = await x.next(); message !== undefined; message = await x.next()) {
    if (isLast(message)) return message;
  }
  return undefined;
}
const isTurn = ({ clientContent }) => clientContent?.turnComplete !== false && clientContent !== undefined;
const isEndOfSpeech = ({ realtimeInput }) => realtimeInput?.audioStreamEnd === true;

export const plans = {
  liveTalk: async (x) => {
    await setUp(x);
    while ((await listen(x, isTurn)) !== undefined) {
      x.send(HEL, LO, said({ text: ' there.' }), server({ generationComplete: true }), DONE);
    }
  },
  liveThought: async (x) => {
    await setUp(x);
    await listen(x, isTurn);
    x.send(said({ text: 'Think ', thought: true }), said({ text: 'first.', thought: true }), HEL, LO, DONE);
    await x.hang();
  },
  liveVoice: async (x) => {
    await setUp(x);
    await listen(x, isEndOfSpeech);
    x.send(
      server({ inputTranscription: { text: 'Say ' } }),
      said({ inlineData: { mimeType: SOUND, data: 'c3Bv' } }),
      server({ outputTranscription: { text: 'Hel' } }),
      server({ inputTranscription: { text: 'hello.' } }),
      said({ inlineData: { mimeType: SOUND, data: 'b3I=' } }),
      server({ outputTranscription: { text: 'lo.' } }),
      server({ generationComplete: true }),
      { sessionResumptionUpdate: { resumable: true } },
      DONE,
    );
    await x.hang();
  },
  liveTools: async (x) => {
    await setUp(x);
    await listen(x, isTurn);
    x.send({ toolCall: { functionCalls: [CALL] } }, { usageMetadata: USAGE });
    await listen(x, ({ toolResponse }) => toolResponse !== undefined);
    x.send(said({ text: 'It is sunny.' }), DONE);
    await x.hang();
  },
  liveInterrupted: async (x) => {
    await setUp(x);
    await listen(x, isTurn);
    x.send(HEL, LO);
    await listen(x, isTurn);
    x.send(server({ interrupted: true }), DONE, said({ text: 'Again.' }), DONE);
    await x.hang();
  },
  liveHang: async (x) => {
    await setUp(x);
    await listen(x, isTurn);
    x.send(HEL, LO);
    await x.hang();
  },
  liveCut: async (x) => {
    await setUp(x);
    await listen(x, isTurn);
    x.send(HEL, LO);
    await x.cut();
  },
  liveClosed: async (x) => {
    await setUp(x);
    await listen(x, isTurn);
    x.send(HEL, LO);
    x.close(1011, 'Overloaded.');
  },
  liveRejected: async (x) => {
    await setUp(x);
    await listen(x, isTurn);
    x.send(server({ turnComplete: true, turnCompleteReason: 'RESPONSE_REJECTED' }));
    await x.hang();
  },
};
