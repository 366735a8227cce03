/** A model that runs offline: what it says to this agent, word by word, in OpenAI's own wire format. */
import { startLlmServer } from 'spoor/testing';

const model = await startLlmServer({
  script: [
    { text: 'The moon pulls the sea, and the sea comes back twice a day.', usage: { input: 14, output: 15 } },
  ],
  unref: true,
});

process.env.OPENAI_BASE_URL = model.openaiBaseUrl;
process.env.OPENAI_API_KEY = 'offline';
