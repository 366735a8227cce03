import * as z from 'zod';

/** A value that JSON can carry. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
export const JsonValue: z.ZodType<JsonValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(JsonValue),
    z.record(z.string(), JsonValue),
  ]),
);

/** An object that JSON can carry. */
export type JsonObject = { [key: string]: JsonValue };
export const JsonObject: z.ZodType<JsonObject> = z.record(z.string(), JsonValue);
