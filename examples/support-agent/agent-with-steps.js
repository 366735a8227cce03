/**
 * The same agent with its sessions and steps named: one session a ticket, one step a round, one observation a tool.
 * Model calls need nothing: they are seen by themselves and belong to the step they were made in.
 */
import { withObservation, withSession, withStep } from 'spoor';
import { checkReply, draftReply, openai, planNextMove } from './models.js';
import { createStuckGuard, GO_ON, INSTRUCTIONS, MAX_ROUNDS, TICKET } from './ticket.js';
import { runTool, withRetries } from './tools.js';

/** @param {{ name: string, arguments: string }} call */
function runObservedTool(call) {
  return withRetries(call.name, (attempt) =>
    withObservation(
      { type: 'tool', name: call.name, input: JSON.parse(call.arguments), metadata: { attempt } },
      async (observation) => {
        const output = await runTool(call, openai);
        observation.update({ output });
        return output;
      },
    ),
  );
}

/** @param {string} question */
async function collectFacts(question) {
  const isStuck = createStuckGuard();
  const known = [];
  const messages = [
    { role: 'system', content: INSTRUCTIONS },
    { role: 'user', content: question },
  ];
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    console.log(`round ${round}`);
    const state = known.length === 0 ? 'nothing is known' : `known: ${known.join(', ')}`;
    const facts = await withStep(
      { name: 'collect facts', state, goal: 'know enough to answer' },
      async (step) => {
        const message = await planNextMove(messages);
        messages.push(message);
        const calls = message.tool_calls ?? [];
        if (calls.length === 0) {
          step.update({
            action: 'sum up',
            evalScore: 1,
            evalDescription: 'every question of the ticket is covered',
          });
          return message.content;
        }
        step.update({ action: calls.map((call) => call.function.name).join(' + ') });
        const results = await Promise.all(calls.map((call) => runObservedTool(call.function)));
        let news = 0;
        for (const [at, call] of calls.entries()) {
          const content = JSON.stringify(results[at]);
          console.log(`  ${call.function.name}(${call.function.arguments}) -> ${content}`);
          messages.push({ role: 'tool', tool_call_id: call.id, content });
          if (!known.includes(call.function.name)) news = known.push(call.function.name);
        }
        step.update(
          news > 0
            ? { evalScore: 1, evalDescription: 'learnt something' }
            : { evalScore: 0, evalDescription: 'learnt nothing new' },
        );
        if (isStuck(calls)) {
          console.log('  ! stuck: told to go on');
          messages.push({ role: 'user', content: GO_ON });
        }
        return undefined;
      },
    );
    if (facts !== undefined) return facts;
  }
  throw new Error(`no answer after ${MAX_ROUNDS} rounds`);
}

async function main() {
  console.log(`ticket ${TICKET.id}: ${TICKET.text}`);
  const session = {
    name: 'support ticket',
    agentName: 'support-agent',
    task: TICKET.text,
    userId: TICKET.customer,
  };
  await withSession({ ...session, tags: ['example'], metadata: { ticket: TICKET.id } }, async ({ end }) => {
    const facts = await collectFacts(TICKET.text);
    const reply = await withStep(
      { name: 'draft reply', state: 'facts are complete', goal: 'a reply to send', action: 'write' },
      () => draftReply(TICKET.text, facts),
    );
    console.log(`reply:\n${reply}`);
    const verdict = await withStep(
      { name: 'check reply', state: 'a draft is there', goal: 'nothing wrong is sent', action: 'check' },
      () => checkReply(TICKET.text, reply),
    );
    console.log(`check: ${JSON.stringify(verdict)}`);
    end({
      isSuccessful: verdict.safe_to_send,
      isSuccessfulReason: verdict.safe_to_send ? 'the reply passed the check' : 'the reply failed the check',
      sessionEval: verdict.keeps_policy ? 9 : 2,
    });
    process.exitCode = verdict.safe_to_send ? 0 : 1;
  });
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
