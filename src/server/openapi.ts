import * as z from 'zod';
import { API_OPERATIONS, type ApiContent, type ApiOperation } from './api-operations.js';
import { API_SCHEMAS } from './api-schemas.js';

type Json = { [key: string]: unknown };

const ANY_ERROR: readonly number[] = [400, 401, 403, 431, 503];
const ERRORS: Readonly<Record<number, string>> = {
  400: 'The request cannot be used; the message names the part.',
  401: 'A key is needed.',
  403: 'Not allowed: the host, the origin, the scope of the key, or SQL that is off.',
  404: 'There is no such record.',
  413: 'The body is too large.',
  415: 'The body is of a kind that is not taken here.',
  422: 'The statement took more than it may.',
  431: 'Too many header lines.',
  503: 'The translator holds as much as it may; `retry-after` says when to come back.',
};

/** The API as an OpenAPI 3.1 document, made from the routes' table and the schemas of the records. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {};
  for (const operation of API_OPERATIONS) {
    const path = operation.path.replaceAll(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[operation.method.toLowerCase()] = describe(operation);
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'spoor translator',
      version,
      description:
        'Sessions, steps and observations of AI agents, read from OpenTelemetry spans. Listings are paged: `nextCursor` of one ' +
        'page is `cursor` of the next, and is absent on the last. Times are milliseconds since the Unix epoch.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:4318' }],
    security: [{}, { key: [] }],
    tags: [{ name: 'read' }, { name: 'write' }, { name: 'ingest' }],
    paths,
    components: {
      schemas: schemas(),
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description:
            'A key of the scope that is the tag of the operation. Asked for only where there are keys.',
        },
      },
    },
  };
}

function describe(operation: ApiOperation): Json {
  const { path, query, body, answers, errors = [] } = operation;
  const parameters = [...pathParameters(path), ...queryParameters(query)];
  const refusal: ApiContent = { json: path.startsWith('/v1/') ? 'RpcStatus' : 'ApiError' };
  const responses: Json = {};
  for (const [status, contents] of Object.entries(answers))
    responses[status] = { description: 'Done.', content: contentOf(contents) };
  for (const status of [...ANY_ERROR, ...errors].toSorted((a, b) => a - b))
    responses[status] = { description: ERRORS[status], content: contentOf([refusal]) };
  return {
    operationId: operation.id,
    tags: [operation.scope],
    summary: operation.summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: contentOf([body]) } }),
    responses,
  };
}

function contentOf(contents: readonly ApiContent[]): Json {
  const described: Json = {};
  for (const content of contents) {
    if ('json' in content) {
      described['application/json'] = { schema: { $ref: `#/components/schemas/${content.json}` } };
    } else {
      for (const media of content.media)
        described[media] = { schema: media.startsWith('text/') ? { type: 'string' } : {} };
    }
  }
  return described;
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

/** Each property of a query's schema; a list is a parameter that may be given more than once. */
function queryParameters(query: z.ZodObject | undefined): Json[] {
  if (query === undefined) return [];
  const { properties = {} } = z.toJSONSchema(query, {
    io: 'input',
    // The format says it; the pattern beside it is longer than all the rest.
    override: ({ jsonSchema }) => {
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  });
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }));
}

function schemas(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(API_SCHEMAS)) registry.add(schema, { id });
  const made = z.toJSONSchema(registry, {
    io: 'input',
    uri: (id) => `#/components/schemas/${id}`,
  });
  const described: Json = {};
  for (const [id, { $schema: _, $id: _id, ...schema }] of Object.entries(made.schemas))
    described[id] = schema;
  // Said as the union that it is, it refers to itself, which the types of generated clients cannot.
  return { ...described, JsonValue: { description: 'Any JSON value.' } };
}
