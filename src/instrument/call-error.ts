import { ERROR_TYPE_VALUE_OTHER } from '../../semconv/values.js';

/** Class names that say nothing: there, a code says more. */
const GENERIC = new Set(['Error', 'APIError', 'ApiError', 'SDKError', 'Object', 'TypeError']);

/**
 * `error.type`: the name that the error was given, or its class, when that means something; else its code, its type or its
 * HTTP status. Few distinct values.
 */
export function errorType(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ERROR_TYPE_VALUE_OTHER;
  const fields = error as {
    code?: unknown;
    type?: unknown;
    status?: unknown;
    statusCode?: unknown;
    error?: unknown;
  };
  const className = classNameOf(error);
  for (const name of [ownNameOf(error), className]) {
    if (name !== undefined && !GENERIC.has(name)) return name;
  }
  for (const field of [fields.code, fields.type, bodyType(fields.error), fields.status, fields.statusCode]) {
    if (typeof field === 'string' && field !== '') return field;
    if (typeof field === 'number') return String(field);
  }
  return className ?? ERROR_TYPE_VALUE_OTHER;
}

/** A name that was set on the error itself says more than its class: services have more kinds of error than classes. */
function ownNameOf(error: object): string | undefined {
  const name = Object.getOwnPropertyDescriptor(error, 'name')?.value as unknown;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/** Some keep the provider's answer on the error and say its type nowhere else: `{ error: { type } }`. */
function bodyType(body: unknown): unknown {
  return (body as { error?: { type?: unknown } | null } | null | undefined)?.error?.type;
}

/** The text of an error; it may quote the prompt, so the caller asks the content policy first. */
export function errorMessage(error: unknown): string | undefined {
  if (typeof error === 'string') return error;
  const message = (error as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message : undefined;
}

/** True when the error only says that the program itself called the work off. */
export function isAbort(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return (
    (error as { name?: unknown }).name === 'AbortError' ||
    /^((API)?(User)?AbortError|RequestAbortedError)$/.test(classNameOf(error) ?? '')
  );
}

function classNameOf(error: object): string | undefined {
  // One class for many errors of the platform, which are told apart by name.
  const isPlatform = typeof DOMException === 'function' && error instanceof DOMException;
  const name: unknown = isPlatform
    ? error.name
    : (error as { constructor?: { name?: unknown } }).constructor?.name;
  return typeof name === 'string' && name !== '' ? name : undefined;
}
