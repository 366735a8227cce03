const USAGE = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 };
const STEP_MS = 700;

/** Builds the records of one session from moves: `{ state, key, action, tool, args, result, error, said, progress }`. */
export function toRecords(id, moves, { basis = 'steps', isSuccessful } = {}) {
  const steps = [];
  const observations = [];
  for (const [index, move] of moves.entries()) {
    const startMs = index * STEP_MS;
    const stepId = `${id}-${index}`;
    if (basis === 'steps') steps.push(toStep(id, stepId, index, startMs, move));
    const inside = basis === 'steps' ? { stepId } : {};
    if (move.said !== undefined) observations.push(toGeneration(id, index, startMs, move, inside));
    if (move.tool !== undefined) observations.push(toTool(id, index, startMs + 10, move, inside));
  }
  return {
    session: {
      id,
      implicit: false,
      status: 'ok',
      ...(isSuccessful === undefined ? {} : { isSuccessful }),
      startMs: 0,
      updatedMs: 0,
      traceIds: ['a'.repeat(32)],
      models: [],
      stepCount: steps.length,
      observationCount: observations.length,
      generationCount: 0,
      toolCount: 0,
      errorCount: 0,
      usage: { ...USAGE, total: 0 },
    },
    steps,
    observations,
  };
}

function toStep(sessionId, id, index, startMs, { state, key, action, error, progress }) {
  return {
    id,
    sessionId,
    name: 'step',
    index,
    implicit: false,
    ...(state === undefined ? {} : { state }),
    ...(key === undefined ? {} : { stateKey: key }),
    ...(action === undefined ? {} : { action }),
    ...(progress === undefined ? {} : { progress }),
    status: error === undefined ? 'ok' : 'error',
    ...(error === undefined ? {} : { statusMessage: error }),
    startMs,
    endMs: startMs + STEP_MS - 10,
    observationCount: 1,
    usage: { ...USAGE, input: 100, total: 100 },
    cost: 0.001,
  };
}

function toTool(sessionId, index, startMs, { tool, args, result, error }, inside) {
  return {
    id: `${sessionId}-t${index}`,
    traceId: 'a'.repeat(32),
    sessionId,
    ...inside,
    type: 'TOOL',
    name: tool,
    dialect: 'spoor',
    startMs,
    endMs: startMs + 100,
    status: error === undefined ? 'ok' : 'error',
    ...(error === undefined ? {} : { statusMessage: error }),
    tool: { name: tool, arguments: args ?? {}, ...(result === undefined ? {} : { result }) },
  };
}

function toGeneration(sessionId, index, startMs, { said, heard }, inside) {
  return {
    id: `${sessionId}-g${index}`,
    traceId: 'a'.repeat(32),
    sessionId,
    ...inside,
    type: 'GENERATION',
    name: 'chat small-model',
    dialect: 'spoor',
    startMs,
    endMs: startMs + 5,
    status: 'ok',
    inputMessages: [{ role: 'user', parts: [{ type: 'text', content: heard ?? `turn ${index}` }] }],
    outputMessages: [{ role: 'assistant', parts: [{ type: 'text', content: said }] }],
  };
}
