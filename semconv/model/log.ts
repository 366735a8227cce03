import * as z from 'zod';
import { JsonObject, JsonValue } from './json.js';

/** One log record; an event when it has a name. The time is milliseconds since the Unix epoch, with fractions. */
export interface Log {
  /** Stable for this record; the same record sent again has the same id. */
  id: string;
  timeMs: number;
  /** The name of the event. */
  name?: string;
  /** OTLP SeverityNumber: 1 to 4 trace, 5 to 8 debug, 9 to 12 info, 13 to 16 warn, 17 to 20 error, 21 to 24 fatal. */
  severityNumber?: number;
  severityText?: string;
  body?: JsonValue;
  /** The trace and the span within which it was written. */
  traceId?: string;
  spanId?: string;
  sessionId?: string;
  stepId?: string;
  /** Instrumentation scope. */
  scope?: string;
  serviceName?: string;
  attributes?: JsonObject;
}
export const Log: z.ZodType<Log> = z.object({
  id: z.string(),
  timeMs: z.number(),
  name: z.string().optional(),
  severityNumber: z.number().optional(),
  severityText: z.string().optional(),
  body: JsonValue.optional(),
  traceId: z.string().optional(),
  spanId: z.string().optional(),
  sessionId: z.string().optional(),
  stepId: z.string().optional(),
  scope: z.string().optional(),
  serviceName: z.string().optional(),
  attributes: JsonObject.optional(),
}) as z.ZodType<Log>;
