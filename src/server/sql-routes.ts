import * as z from 'zod';
import { SpoorError } from '../shared/errors.js';
import { csvRecord } from '../shared/csv.js';
import type { Store } from '../store/store.js';
import type { SqlRequest } from './api-types.js';
import { HttpFailure, overloaded } from './http-failure.js';
import { readBody, type ByteBudget } from './read-body.js';
import { send, sendJson } from './reply.js';
import type { Route } from './router.js';

export interface SqlRoutesOptions {
  store: Store;
  isOn: boolean;
  budget: ByteBudget;
}

const MAX_BODY = 1024 * 1024;
const MAX_PARAMS = 100;
export const SQL_PATH = '/api/sql' as const;

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export const SqlRequestSchema: z.ZodType<SqlRequest> = z.strictObject({
  sql: z.string(),
  params: z.array(cell).max(MAX_PARAMS).optional(),
  limit: z.int().min(1).max(10_000).optional(),
}) as z.ZodType<SqlRequest>;

/** SQL that reads, where the translator was told to take it. */
export function sqlRoutes({ store, isOn, budget }: SqlRoutesOptions): Route[] {
  return [
    {
      method: 'POST',
      path: SQL_PATH,
      async handle({ req, res }) {
        if (!isOn)
          throw new HttpFailure(
            403,
            'SPOOR_SQL_OFF',
            'This translator takes no SQL; `spoor serve --sql` starts one that does.',
          );
        if (store.sql === undefined)
          throw new HttpFailure(403, 'SPOOR_SQL_OFF', 'The store of this translator has no SQL.');
        const body = await readBody(req, MAX_BODY, budget);
        let query: SqlRequest;
        try {
          query = readRequest(body.bytes);
        } finally {
          body.release();
        }
        const result = await store.sql(query).catch((cause: unknown) => {
          throw sqlFailure(cause);
        });
        if (/\btext\/csv\b/.test(req.headers.accept ?? ''))
          send(res, 200, 'text/csv; charset=utf-8', [result.columns, ...result.rows].map(csvRecord).join(''));
        else sendJson(res, 200, result);
      },
    },
  ];
}

function readRequest(bytes: Buffer): SqlRequest {
  let given: unknown;
  try {
    given = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new HttpFailure(400, 'SPOOR_REQUEST_INVALID', 'The body is not JSON.');
  }
  const parsed = SqlRequestSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue?.path.join('.') ?? '';
  throw new HttpFailure(
    400,
    'SPOOR_REQUEST_INVALID',
    `The body cannot be used${place === '' ? '' : ` at "${place}"`}: ${issue?.message ?? 'invalid'}.`,
  );
}

function sqlFailure(cause: unknown): unknown {
  if (!(cause instanceof SpoorError)) return cause;
  if (cause.code === 'SPOOR_SQL_REFUSED') return new HttpFailure(400, cause.code, cause.message);
  if (cause.code === 'SPOOR_SQL_LIMIT') return new HttpFailure(422, cause.code, cause.message);
  return cause.code === 'SPOOR_OVERLOADED' ? overloaded(cause.message, 1) : cause;
}
