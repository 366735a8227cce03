/** What a program saw of one call, in a form that two runs can be compared by. */
export interface CallOutcome {
  /** Class of the value or of the error. */
  kind: string;
  value?: unknown;
  /** What a stream gave, in order. */
  chunks?: unknown[];
  error?: { name: string; message: string; status: unknown; code: unknown; type: unknown; body: unknown };
}

/** Waits for a call as a program does: a stream is read to its end. Never throws. */
export async function outcomeOf(call: () => unknown): Promise<CallOutcome> {
  const chunks: unknown[] = [];
  try {
    const value = await call();
    if (!isStream(value)) return { kind: kindOf(value), value: plain(value) };
    for await (const chunk of value) chunks.push(plain(chunk));
    return { kind: kindOf(value), chunks };
  } catch (error) {
    return { kind: kindOf(error), error: plainError(error), ...(chunks.length > 0 ? { chunks } : {}) };
  }
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return (
    typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'controller' in value
  );
}

function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  return (value.constructor as { name?: string } | undefined)?.name ?? 'object';
}

/** JSON, and the fields that the SDK hides on the object. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  // A page carries its client, whose address differs from run to run.
  const page = value as { client?: unknown; body?: unknown };
  return JSON.parse(
    JSON.stringify(page.client === undefined ? value : { ...value, client: null }),
  ) as unknown;
}

function plainError(error: unknown): NonNullable<CallOutcome['error']> {
  const fields = error as Record<string, unknown>;
  return {
    name: String(fields['name']),
    message: String(fields['message']),
    status: fields['status'],
    code: fields['code'],
    type: fields['type'],
    body: fields['error'],
  };
}
