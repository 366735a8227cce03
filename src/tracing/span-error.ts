import { SpanStatusCode, type Span } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from '../../semconv/attributes.js';
import { cutText, fitJson } from '../shared/limits.js';

const MESSAGE_LENGTH = 4096;

/** Marks a span as failed: status ERROR with the message, and `error.type`. */
export function failSpan(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message: errorMessage(error) });
  span.setAttribute(ATTR_ERROR_TYPE, errorType(error));
}

/** The message of whatever was thrown. */
export function errorMessage(error: unknown): string {
  return readError(() => {
    if (error instanceof Error) return cutText(textOf(error.message), MESSAGE_LENGTH);
    return cutText(typeof error === 'string' ? error : fitJson(error), MESSAGE_LENGTH);
  }, '[unreadable]');
}

/** The class of whatever was thrown: low in cardinality. */
export function errorType(error: unknown): string {
  return readError(() => {
    if (error instanceof Error) return textOf(error.name === 'Error' ? error.constructor.name : error.name);
    return typeof error;
  }, 'Error');
}

/** Types say that these are texts; programs may say otherwise. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : String(value);
}

/** Anything can be thrown, an object whose every property throws too. */
function readError(read: () => string, fallback: string): string {
  try {
    return read();
  } catch {
    return fallback;
  }
}
