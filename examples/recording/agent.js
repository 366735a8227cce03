/**
 * Answers tickets and keeps what it was called with, for a replay: every call of a wrapped agent is a line of the
 * recording, and every span is a line of the trace files. No collector is needed.
 */
import { agent, init, recordCallArgs, tool, withSession } from 'spoor';

const spoor = init({ serviceName: 'ticket-agent', storage: ['otlp', 'file'], recordArgs: true });

/** @param {string | undefined} number */
function lookUpOrder(number) {
  if (number === undefined) throw new Error('the ticket names no order');
  return { number, total: 49.9 };
}

const findOrder = tool({ name: 'find_order' }, lookUpOrder);

/**
 * @param {{ from: string, order?: string }} ticket
 * @param {(text: string) => void} send
 */
async function answer(ticket, send) {
  const order = findOrder(ticket.order);
  send(`${ticket.from}: order ${order.number} comes to ${order.total} EUR.`);
}

const answerTicket = agent(answer);
const send = (/** @type {string} */ text) => console.log(text);
const tickets = [
  { id: 'T-1', from: 'mara', order: 'A-1042', received: new Date('2026-03-02T09:00:00Z'), api_key: 'k-123' },
  { id: 'T-2', from: 'ines', received: new Date('2026-03-02T09:05:00Z') },
];

for (const ticket of tickets) {
  await withSession({ id: ticket.id, name: 'ticket', userId: ticket.from }, () =>
    answerTicket(ticket, send),
  ).catch((error) => console.log(`${ticket.from}: ${error.message}.`));
}

// A call that no wrapper sees, under the name that a replay is to call.
recordCallArgs(
  'examples/recording/agent.js:answer',
  { ticket: { id: 'T-3', order: 'A-1042' }, send },
  { iteration: 7 },
);

await spoor.flush();
