/** A model that runs offline: what it says to this agent, in OpenAI's own wire format. */
import { startLlmServer } from 'spoor/testing';

const model = await startLlmServer({
  script: [
    { toolCalls: [{ name: 'get_forecast', arguments: { city: 'Porto' } }], usage: { input: 71, output: 15 } },
    {
      text: 'A rain jacket, a second pair of socks for each day, and something warm for the evening.',
      usage: { input: 104, output: 22 },
    },
  ],
  unref: true,
});

process.env.OPENAI_BASE_URL = model.openaiBaseUrl;
process.env.OPENAI_API_KEY = 'offline';
