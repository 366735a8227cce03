/** Compares what another product's reader tells of a span that we wrote with what the emitter's own span says. */
const TYPES = { GENERATION: 'call', TOOL: 'tool', EMBEDDING: 'embedding' };

/** Spans that are worth asking about: calls of models and tools, and embeddings. */
export function isTelling({ type }) {
  return Object.hasOwn(TYPES, type);
}

/**
 * The faults of one span. `facts` are what we read of the emitter's own span, which is held against the truth elsewhere; `tells`
 * are those that the reader has for spans of this type.
 */
export function faultsOfTold(facts, told, tells) {
  const faults = [];
  for (const [fact, expected] of Object.entries(expectedOf(facts))) {
    if (!tells.includes(fact) || expected === undefined) continue;
    if (!isTold(fact, told[fact], expected)) {
      const read = String(told[fact]).slice(0, 200);
      faults.push(`${fact} of ${facts.name}: expected ${expected}, it read ${read}`);
    }
  }
  return faults;
}

/** Content may be put in any form, as long as every text is there; of two models either will do. */
function isTold(fact, told, expected) {
  if (fact === 'model') return expected.includes(told);
  if (!Array.isArray(expected)) return told === expected;
  const text = String(told);
  return expected.every((words) => text.includes(words));
}

function expectedOf(facts) {
  const { type, requestModel, responseModel, usage = {}, tool } = facts;
  const models = [requestModel, responseModel].filter((model) => model !== undefined);
  const cached = (usage.cacheRead ?? 0) + (usage.cacheWrite ?? 0);
  return {
    type: TYPES[type],
    model: models.length === 0 ? undefined : models,
    asked: type === 'TOOL' ? wordsOf(tool?.arguments) : textsOf(facts.inputMessages),
    answered: type === 'TOOL' ? wordsOf(tool?.result) : textsOf(facts.outputMessages),
    input: usage.input === undefined ? undefined : usage.input + cached,
    output: usage.output === undefined ? undefined : usage.output + (usage.reasoning ?? 0),
    cached: usage.cacheRead,
    session: facts.sessionId,
    user: facts.userId,
  };
}

/** What was said, and the names of the tools that were called. */
function textsOf(messages = []) {
  const texts = messages.flatMap(({ parts }) =>
    parts.flatMap(({ type, content, name }) =>
      type === 'tool_call' ? [name] : type === 'text' ? [content] : [],
    ),
  );
  const said = texts.filter((text) => typeof text === 'string' && text !== '');
  return said.length === 0 ? undefined : said;
}

function wordsOf(value) {
  if (value === undefined) return undefined;
  return typeof value === 'object' && value !== null ? Object.values(value).map(String) : [String(value)];
}
