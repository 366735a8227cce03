/**
 * What the models say to the support agent, for `startLlmServer` of `spoor/testing`. Written for this agent and this
 * ticket; the numbers of tokens are of the size that such calls have.
 */

const planner = { endpoint: 'openai.chat', model: 'gpt-4.1-mini' };
const stuck = { name: 'check_refund_status', arguments: { order_id: 'A-1042' } };

/** Models by the name that is asked for, with the one that answers name. */
export const MODELS = {
  'gpt-4.1-mini': 'gpt-4.1-mini-2025-04-14',
  'gpt-4.1-nano': 'gpt-4.1-nano-2025-04-14',
  'text-embedding-3-small': 'text-embedding-3-small',
  'claude-sonnet-4-6': 'claude-sonnet-4-6',
};

/** @type {import('spoor/testing').Turn[]} */
export const SCRIPT = [
  {
    name: 'look up the order and the policy at once',
    when: planner,
    text: 'I need the order and the rule for damaged goods.',
    toolCalls: [
      { name: 'lookup_order', arguments: { order_id: 'A-1042' } },
      { name: 'search_refund_policy', arguments: { query: 'item arrived broken' } },
    ],
    usage: { input: 412, output: 58 },
  },
  {
    name: 'vectors of the question and the three rules',
    when: { endpoint: 'openai.embeddings' },
    embeddings: [
      [0.8, 0.6, 0],
      [0.6, 0.8, 0],
      [0, 0.6, 0.8],
      [0.6, 0, 0.8],
    ],
    usage: { input: 61 },
  },
  {
    name: 'track the missing parcel',
    when: planner,
    text: 'The lamp is covered. Where are the bookends?',
    toolCalls: [{ name: 'track_shipment', arguments: { tracking_number: 'PX-7731' } }],
    usage: { input: 655, output: 39, cacheRead: 384 },
  },
  {
    name: 'ask the refund desk',
    when: planner,
    text: 'The parcel moves. Has the refund been made?',
    toolCalls: [stuck],
    usage: { input: 742, output: 31, cacheRead: 640 },
  },
  {
    name: 'ask the refund desk again: stuck',
    when: planner,
    toolCalls: [stuck],
    usage: { input: 790, output: 22, cacheRead: 640 },
  },
  {
    name: 'and again, until the agent is told to go on',
    when: planner,
    toolCalls: [stuck],
    usage: { input: 838, output: 22, cacheRead: 768 },
  },
  {
    name: 'sum up',
    when: planner,
    text: [
      '- Lamp: 49.90 EUR, arrived broken 2 days ago: full refund, no return needed. The refund is pending.',
      '- Bookends: parcel PX-7731 in transit, last scan Hamburg 3 days ago, expected tomorrow.',
    ].join('\n'),
    usage: { input: 931, output: 64, cacheRead: 768 },
  },
  {
    name: 'write the reply',
    when: { endpoint: 'anthropic.messages' },
    reasoning:
      'The refund is allowed but not yet made, so say that it is on its way and do not name a day. The parcel is not lost: it is expected tomorrow.',
    text: [
      'Dear Mara,',
      'we are sorry that the desk lamp arrived broken. You get the full 49.90 EUR back and need not return it; our refund desk is working on it.',
      'Your bookends are on the way: the carrier expects to deliver them tomorrow (PX-7731).',
      'Kind regards, your support team',
    ].join('\n'),
    usage: { input: 214, output: 171, reasoning: 48 },
  },
  {
    name: 'too many requests: the SDK asks again by itself',
    when: { model: 'gpt-4.1-nano' },
    fault: { status: 429, retryAfterMs: 20 },
  },
  {
    name: 'check the reply',
    when: { model: 'gpt-4.1-nano' },
    text: JSON.stringify({ category: 'damaged_item', keeps_policy: true, safe_to_send: true }),
    usage: { input: 305, output: 19 },
  },
];
