/**
 * A support agent: it plans with one model, calls tools, reads what they say, and lets another model write the reply.
 * It knows nothing of tracing.
 */
import { checkReply, draftReply, openai, planNextMove } from './models.js';
import { createStuckGuard, GO_ON, INSTRUCTIONS, MAX_ROUNDS, TICKET } from './ticket.js';
import { runTool, withRetries } from './tools.js';

/** @param {string} question */
async function collectFacts(question) {
  const isStuck = createStuckGuard();
  const messages = [
    { role: 'system', content: INSTRUCTIONS },
    { role: 'user', content: question },
  ];
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    console.log(`round ${round}`);
    const message = await planNextMove(messages);
    messages.push(message);
    const calls = message.tool_calls ?? [];
    if (calls.length === 0) return message.content;
    const results = await Promise.all(
      calls.map((call) => withRetries(call.function.name, () => runTool(call.function, openai))),
    );
    for (const [at, call] of calls.entries()) {
      const content = JSON.stringify(results[at]);
      console.log(`  ${call.function.name}(${call.function.arguments}) -> ${content}`);
      messages.push({ role: 'tool', tool_call_id: call.id, content });
    }
    if (isStuck(calls)) {
      console.log('  ! stuck: told to go on');
      messages.push({ role: 'user', content: GO_ON });
    }
  }
  throw new Error(`no answer after ${MAX_ROUNDS} rounds`);
}

async function main() {
  console.log(`ticket ${TICKET.id}: ${TICKET.text}`);
  const facts = await collectFacts(TICKET.text);
  const reply = await draftReply(TICKET.text, facts);
  console.log(`reply:\n${reply}`);
  const verdict = await checkReply(TICKET.text, reply);
  console.log(`check: ${JSON.stringify(verdict)}`);
  process.exitCode = verdict.safe_to_send ? 0 : 1;
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
