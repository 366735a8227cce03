import { SpanKind, type Context } from '@opentelemetry/api';
import {
  ATTR_SPOOR_EVENT_ARGUMENTS,
  ATTR_SPOOR_EVENT_DESCRIPTION,
  ATTR_SPOOR_EVENT_FUNCTION_NAME,
  ATTR_SPOOR_EVENT_IS_FINISHED,
  ATTR_SPOOR_EVENT_IS_SUCCESSFUL,
  ATTR_SPOOR_EVENT_RESULT,
  ATTR_SPOOR_OBSERVATION_LEVEL,
  ATTR_SPOOR_OBSERVATION_TYPE,
  EVENT_NAME_PROCESS_EXIT,
} from '../../semconv/spoor-attributes.js';
import { cutText } from '../shared/limits.js';
import { textValue } from './attribute-values.js';
import type { SessionEnding } from './session.js';
import { errorMessage, errorType, failSpan } from './span-error.js';
import { startSpan } from './start-span.js';

/** Longest report of an uncaught error, in characters. */
const REPORT_LENGTH = 16_384;

/** Records the uncaught error that ends the process as the last event of a session: an event without length. */
export function recordProcessExit(context: Context, { error, exitCode }: SessionEnding): void {
  const now = Date.now();
  const span = startSpan(
    EVENT_NAME_PROCESS_EXIT,
    {
      kind: SpanKind.INTERNAL,
      startTime: now,
      attributes: {
        [ATTR_SPOOR_OBSERVATION_TYPE]: 'EVENT',
        [ATTR_SPOOR_OBSERVATION_LEVEL]: 'ERROR',
        [ATTR_SPOOR_EVENT_FUNCTION_NAME]: EVENT_NAME_PROCESS_EXIT,
        [ATTR_SPOOR_EVENT_DESCRIPTION]: cutText(reportOf(error), REPORT_LENGTH),
        [ATTR_SPOOR_EVENT_RESULT]: `process exited with code ${exitCode ?? 1}`,
        [ATTR_SPOOR_EVENT_ARGUMENTS]:
          textValue({
            exitCode: exitCode ?? 1,
            errorType: errorType(error),
            errorMessage: errorMessage(error),
          }) ?? '',
        [ATTR_SPOOR_EVENT_IS_SUCCESSFUL]: false,
        [ATTR_SPOOR_EVENT_IS_FINISHED]: true,
      },
    },
    context,
  );
  failSpan(span, error);
  span.end(now);
}

function reportOf(error: unknown): string {
  const stack = error instanceof Error ? error.stack : undefined;
  return typeof stack === 'string' && stack !== '' ? stack : errorMessage(error);
}
