/**
 * What the agent can do. The shop, the policy and the carrier are made up and live in this file; the carrier's service
 * is down for the first two requests, as such services are.
 *
 * @import OpenAI from 'openai'
 */

const ORDERS = new Map([
  [
    'A-1042',
    {
      order_id: 'A-1042',
      customer: 'Mara Lindqvist',
      items: [
        { name: 'Desk lamp', price: 49.9, state: 'delivered 2 days ago' },
        { name: 'Bookends', price: 18.5, state: 'shipped', tracking_number: 'PX-7731' },
      ],
    },
  ],
]);

const POLICY = [
  'Damaged goods: full refund within 30 days of delivery, no return needed below 60 EUR.',
  'Late parcels: a parcel counts as lost 14 days after its last scan.',
  'Change of mind: return within 14 days, the buyer pays for shipping.',
];

let carrierRequests = 0;

/** @param {{ order_id: string }} args */
async function lookupOrder({ order_id }) {
  return ORDERS.get(order_id) ?? { error: `no order ${order_id}` };
}

/**
 * Finds the rule that is nearest to the question.
 * @param {{ query: string }} args
 * @param {OpenAI} openai
 */
async function searchRefundPolicy({ query }, openai) {
  const { data } = await openai.embeddings.create({
    model: 'text-embedding-3-small',
    input: [query, ...POLICY],
  });
  const [question, ...rules] = data.map((entry) => entry.embedding);
  const scores = rules.map((rule) => rule.reduce((sum, value, at) => sum + value * question[at], 0));
  return { rule: POLICY[scores.indexOf(Math.max(...scores))] };
}

/** @param {{ tracking_number: string }} args */
async function trackShipment({ tracking_number }) {
  carrierRequests += 1;
  if (carrierRequests <= 2) throw new Error('carrier answered 503 Service Unavailable');
  return { tracking_number, state: 'in transit', last_scan: 'Hamburg, 3 days ago', expected: 'tomorrow' };
}

/** The refund desk works by hand: the answer stays the same however often it is asked. */
async function checkRefundStatus() {
  return { status: 'pending', note: 'waiting for a clerk' };
}

const RUN = {
  lookup_order: lookupOrder,
  search_refund_policy: searchRefundPolicy,
  track_shipment: trackShipment,
  check_refund_status: checkRefundStatus,
};

/** How often a tool may fail before the agent hears of it. */
const ATTEMPTS = 3;

/**
 * Runs one call of the model.
 * @param {{ name: string, arguments: string }} call
 * @param {OpenAI} openai
 * @returns {Promise<object>}
 */
export async function runTool(call, openai) {
  return RUN[call.name](JSON.parse(call.arguments), openai);
}

/**
 * Tries again when a tool fails.
 * @param {string} name
 * @param {(attempt: number) => Promise<object>} run
 * @returns {Promise<object>} what goes back to the model; an `error` when every attempt failed
 */
export async function withRetries(name, run) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run(attempt);
    } catch (error) {
      console.log(`  ! ${name}, attempt ${attempt}: ${error.message}`);
      if (attempt === ATTEMPTS) return { error: error.message };
      await new Promise((resolve) => setTimeout(resolve, 10 * attempt));
    }
  }
}

/**
 * @param {string} name
 * @param {string} description
 * @param {string[]} parameters
 * @returns {OpenAI.ChatCompletionTool}
 */
function tool(name, description, parameters) {
  return {
    type: 'function',
    function: {
      name,
      description,
      parameters: {
        type: 'object',
        properties: Object.fromEntries(parameters.map((key) => [key, { type: 'string' }])),
        required: parameters,
        additionalProperties: false,
      },
      strict: true,
    },
  };
}

export const TOOLS = [
  tool('lookup_order', 'Get an order with its items and their state.', ['order_id']),
  tool('search_refund_policy', 'Find the rule of the refund policy that fits a question.', ['query']),
  tool('track_shipment', 'Ask the carrier where a parcel is.', ['tracking_number']),
  tool('check_refund_status', 'Ask the refund desk how far a refund is.', ['order_id']),
];
