/**
 * Five streams: a model's, a generator, a web stream, one that is left early and one that breaks. Nothing is read ahead:
 * a span stays open for as long as its stream does, and says how it ended.
 */
import OpenAI from 'openai';
import { agent, tool, trace, withSession } from 'spoor';

const openai = new OpenAI();

/**
 * Asks a model and hands on its words as they come.
 * @param {string} subject
 */
async function* narrate(subject) {
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
}

/** @param {number} from */
function* countDown(from) {
  for (let left = from; left > 0; left -= 1) yield `${left} `;
}

/** @param {string[]} lines */
function readLines(lines) {
  return ReadableStream.from(lines);
}

async function* listen() {
  for (let minute = 0; ; minute += 1) yield `minute ${minute}: all quiet. `;
}

async function* download() {
  yield 'first half';
  throw new Error('connection lost');
}

/** @param {Iterable<string> | AsyncIterable<string>} stream */
async function join(stream) {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}

// #region read
await withSession({ name: 'streams' }, async () => {
  console.log(await join(agent({ name: 'narrator' }, narrate)('the tides')));
  console.log(await join(tool(countDown)(3)));
  console.log(await join(tool(readLines)(['ebb, ', 'flood'])));
  for await (const report of trace(listen)()) {
    console.log(report);
    if (report.startsWith('minute 2')) break;
  }
  await join(tool(download)()).catch((error) => console.log(`download: ${error.message}`));
});
// #endregion
