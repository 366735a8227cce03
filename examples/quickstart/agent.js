/**
 * What to pack for a trip: a model, one tool, a loop. spoor sees the model calls by itself; the program adds a name for
 * the session, and `tool` around the tool.
 */
import OpenAI from 'openai';
import { tool, withSession } from 'spoor';

const openai = new OpenAI();
const TASK = 'What do I pack for two days of hiking near Porto?';

/** @param {{ city: string }} where */
async function lookUpForecast({ city }) {
  const forecasts = { Porto: '14 degrees, rain on both days' };
  return forecasts[city] ?? `no forecast for ${city}`;
}

const getForecast = tool({ name: 'get_forecast' }, lookUpForecast);

const TOOLS = [
  {
    type: 'function',
    function: {
      name: 'get_forecast',
      description: 'The weather of the next days in a city.',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  },
];

/** @param {string} question */
async function ask(question) {
  const messages = [{ role: 'user', content: question }];
  for (;;) {
    const completion = await openai.chat.completions.create({
      model: 'gpt-4.1-mini',
      messages,
      tools: TOOLS,
    });
    const { message } = completion.choices[0];
    if (!message.tool_calls) return message.content;
    messages.push(message);
    for (const call of message.tool_calls) {
      const content = await getForecast(JSON.parse(call.function.arguments));
      messages.push({ role: 'tool', tool_call_id: call.id, content });
    }
  }
}

// #region session
await withSession({ name: 'packing list', task: TASK, userId: 'ines' }, async (session) => {
  const answer = await ask(TASK);
  console.log(answer);
  session.update({ isSuccessful: answer.includes('rain'), isSuccessfulReason: 'it looked at the weather' });
});
// #endregion
