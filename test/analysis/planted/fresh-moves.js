const SYLLABLES =
  'ba ce di fo gu ha ke li mo nu pa re si to vu wa xe yi zo bra cle dri flo gru pla ste tri'.split(' ');

export const VERBS =
  'click scroll type hover drag zoom open press select focus swipe expand collapse toggle'.split(' ');
const TOOLS =
  'search_files read_file run_tests query_orders fetch_page write_note list_items lookup_user'.split(' ');

/** A word that hardly comes twice. */
export function word(random) {
  return Array.from({ length: random.between(3, 4) }, () => random.pick(SYLLABLES)).join('');
}

/** What differs from call to call though nothing does. */
export function noise(random) {
  return {
    request_id: random.uuid(),
    timestamp: `2026-03-${String(random.between(10, 28))}T10:${String(random.between(10, 59))}:12.${random.between(100, 999)}Z`,
    elapsed_ms: random.between(3, 900),
  };
}

/** A move that gets on: a state, an action and an outcome of its own. Some states are long pages, most are a line. */
export function freshMove(random) {
  if (random.recordedMove !== undefined) return { ...random.recordedMove() };
  const tool = random.pick(TOOLS);
  const target = `${word(random)} ${word(random)}`;
  const words = random.next() < 0.3 ? random.between(30, 80) : random.between(4, 8);
  const text = Array.from({ length: words }, () => word(random)).join(' ');
  return {
    state:
      random.next() < 0.3
        ? `https://shop.example/${word(random)}/${word(random)}?session=${random.hex(12)} ${text}`
        : text,
    action: `${tool} ${target}`,
    tool,
    args: { target, limit: random.between(1, 50) },
    result: { found: Array.from({ length: random.between(1, 4) }, () => word(random)), ...noise(random) },
  };
}

/** Moves that all differ in their state. */
export function freshMoves(random, count) {
  const found = new Map();
  for (let tries = 0; found.size < count && tries < 1000; tries += 1) {
    const move = freshMove(random);
    found.set(move.state, move);
  }
  return [...found.values()];
}

/** The same move as it comes the next time: other ids and times, another order of keys, other case and spaces. */
export function disguised(random, move) {
  const { state, action, args, result } = move;
  const seconds = `${random.between(10, 23)}:${random.between(10, 59)}:${random.between(10, 59)}`;
  return {
    ...move,
    ...(state === undefined ? {} : { state: `${respelled(random, state)} (as of ${seconds})` }),
    ...(action === undefined ? {} : { action: respelled(random, action) }),
    ...(args === undefined ? {} : { args: Object.fromEntries(Object.entries(args).toReversed()) }),
    ...(result === undefined ? {} : { result: disguisedResult(random, result) }),
  };
}

function respelled(random, text) {
  const spaced = random.next() < 0.3 ? text.replace(' ', '  ') : text;
  return random.next() < 0.3 ? spaced[0].toUpperCase() + spaced.slice(1) : spaced;
}

function disguisedResult(random, result) {
  if (typeof result === 'string') return `${result} [${random.uuid()}]`;
  if (Array.isArray(result) || typeof result !== 'object' || result === null) return result;
  return { ...noise(random), cursor: random.uuid(), ...result, ...noise(random) };
}
