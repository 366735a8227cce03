import * as z from 'zod';
import type { LogQuery, PageQuery, SessionQuery } from '../store/store.js';
import { HttpFailure } from './http-failure.js';

const page = {
  limit: z.coerce.number().int().min(1).max(500).optional(),
  cursor: z.string().min(1).max(4_096).optional(),
};
const name = z.string().min(1).max(1_024).optional();

const PageParameters = z.strictObject(page);
const SessionParameters = z.strictObject({
  ...page,
  status: z.enum(['unset', 'ok', 'error']).optional(),
  agent: name,
  user: name,
  tag: name,
  since: z
    .union([
      z
        .string()
        .regex(/^\d{1,15}$/)
        .transform(Number),
      z.iso.datetime({ offset: true }).transform(Date.parse),
    ])
    .optional(),
  q: name,
});
const LogParameters = z.strictObject({ ...page, span: name });
const LiveParameters = z.strictObject({ session: name });

/** Reads `?limit&cursor`. Throws an `HttpFailure` 400 that names the wrong parameter. */
export function readPageQuery(query: URLSearchParams): PageQuery {
  return withoutUndefined(read(PageParameters, query));
}

/** Reads `?span&limit&cursor`. */
export function readLogQuery(query: URLSearchParams): LogQuery {
  const { span, ...rest } = read(LogParameters, query);
  return withoutUndefined({ ...rest, spanId: span });
}

/** Reads the query of `GET /api/sessions`; `since` is in milliseconds since the epoch, or an ISO 8601 time. */
export function readSessionQuery(query: URLSearchParams): SessionQuery {
  const { q, since, ...rest } = read(SessionParameters, query);
  return withoutUndefined({ ...rest, text: q, sinceMs: since });
}

export function readLiveQuery(query: URLSearchParams): { sessionId?: string } {
  return withoutUndefined({ sessionId: read(LiveParameters, query).session });
}

function read<T>(schema: z.ZodType<T>, query: URLSearchParams): T {
  // No prototype, so that a parameter named `__proto__` is one.
  const values: Record<string, string> = Object.setPrototypeOf({}, null);
  for (const [key, value] of query) {
    if (key in values) throw invalid(key, 'is given more than once');
    values[key] = value;
  }
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue?.code === 'unrecognized_keys') throw invalid(issue.keys[0] ?? '', 'is not known here');
  throw invalid(String(issue?.path[0] ?? ''), `cannot be used: ${issue?.message ?? 'invalid'}`);
}

function invalid(parameter: string, why: string): HttpFailure {
  return new HttpFailure(
    400,
    'SPOOR_REQUEST_INVALID',
    `The query parameter "${parameter.slice(0, 64)}" ${why}.`,
  );
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Defined<T>;
}
