/**
 * Five streams: a model's, a generator, a web stream, one that is left early and one that breaks. Nothing is read ahead:
 * a span stays open for as long as its stream does, and says how it ended.
 */
import OpenAI from 'openai';
import { agent, tool, trace, withSession } from 'spoor';

const openai = new OpenAI();

// Asks a model and hands on its words as they come.
const narrate = agent({ name: 'narrator' }, async function* (subject) {
  const stream = await openai.chat.completions.create({
    model: 'gpt-4.1-mini',
    messages: [{ role: 'user', content: `One sentence on ${subject}.` }],
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const chunk of stream) {
    const text = chunk.choices[0]?.delta.content;
    if (text) yield text;
  }
});

const countDown = tool({ name: 'count_down' }, function* (from) {
  for (let left = from; left > 0; left -= 1) yield `${left} `;
});

const readLines = tool({ name: 'read_lines' }, (lines) => ReadableStream.from(lines));

const listen = trace({ name: 'listen' }, async function* () {
  for (let minute = 0; ; minute += 1) yield `minute ${minute}: all quiet. `;
});

const download = tool({ name: 'download' }, async function* () {
  yield 'first half';
  throw new Error('connection lost');
});

async function join(stream) {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}

await withSession({ name: 'streams' }, async () => {
  console.log(await join(narrate('the tides')));
  console.log(await join(countDown(3)));
  console.log(await join(readLines(['ebb, ', 'flood'])));
  for await (const report of listen()) {
    console.log(report);
    if (report.startsWith('minute 2')) break;
  }
  await join(download()).catch((error) => console.log(`download: ${error.message}`));
});
