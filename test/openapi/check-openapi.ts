import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import openapiTS, { astToString } from 'openapi-typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { API_OPERATIONS } from '../../src/server/api-operations.js';
import { openApiDocument } from '../../src/server/openapi.js';
import { startTranslator, type Translator } from '../../src/server/start-translator.js';
import { conversation } from '../store/contract.js';
import { chat, span, spanId, T0, tool, traceId } from '../store/spans.js';
import { PNG } from '../support/images.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'spoor-openapi-'));
const document = openApiDocument('1.2.3');
let translator: Translator;

beforeAll(async () => {
  translator = await startTranslator({
    port: 0,
    dataDir: folder,
    sql: true,
    // A target that is never there: it is described too.
    forward: ['http://127.0.0.1:9/v1/traces'],
    log: () => {},
  });
  await translator.store.append([
    ...conversation(),
    chat({
      id: 40,
      trace: 4,
      start: 5,
      cost: 0.5,
      attributes: {
        'user.id': 'ann',
        'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"hello"}]}]',
        'gen_ai.tool.definitions': '[{"type":"function","name":"look","parameters":{"type":"object"}}]',
        'gen_ai.request.temperature': 0.5,
        'gen_ai.response.finish_reasons': ['stop'],
        other: { deep: [1, null, true] },
      },
    }),
    tool({
      id: 41,
      trace: 4,
      parent: 40,
      start: 6,
      error: true,
      attributes: { 'gen_ai.tool.call.result': '{"a":1}' },
    }),
    span({
      id: 42,
      trace: 4,
      parent: 40,
      start: 7,
      attributes: {
        'gen_ai.evaluation.name': 'tone',
        'gen_ai.evaluation.score.value': 0.5,
        'spoor.observation.type': 'EVALUATION',
      },
    }),
  ]);
  await translator.store.appendLogs([
    {
      timeUnixNano: BigInt(T0) * 1_000_000n,
      observedTimeUnixNano: 0n,
      severityNumber: 9,
      severityText: 'INFO',
      eventName: 'app.note',
      body: { said: ['hello', 1] },
      attributes: { key: 'value' },
      traceId: traceId(4),
      spanId: spanId(40),
      resource: { attributes: { 'service.name': 'svc' } },
      scope: { name: 'app' },
    },
  ]);
});
afterAll(async () => {
  await translator.close();
  rmSync(folder, { recursive: true, force: true });
});

test('is an OpenAPI 3.1 document to an independent validator', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(document));
  expect(errors ?? []).toEqual([]);
  expect([valid, validator.version]).toEqual([true, '3.1']);
  const broken = { ...structuredClone(document), paths: { '/x': { get: { responses: { ok: 1 } } } } };
  expect((await new Validator().validate(broken)).valid).toBe(false);
});

test('says of every answer what is in it, and leaves nothing out', async () => {
  const ajv = new Ajv2020({ strict: false });
  const { components } = document as { components: unknown };
  ajv.addSchema({ $id: 'api', components: closed(components) });
  const hash = createHash('sha256').update(PNG).digest('hex');
  const asked: Record<string, { path?: string; init?: RequestInit; status?: number }> = {
    listSessions: { path: '/api/sessions?limit=1&since=0' },
    removeSession: { path: `/api/sessions/${encodeURIComponent(`trace:${traceId(9)}`)}` },
    pinSession: { path: '/api/sessions/s/pin' },
    unpinSession: { path: '/api/sessions/s/pin' },
    listObservations: { path: '/api/sessions/s/observations?limit=2' },
    listSessionLogs: { path: `/api/sessions/${encodeURIComponent(`trace:${traceId(4)}`)}/logs` },
    search: { path: '/api/search?attr=user.id%3Dann&limit=1' },
    getObservation: { path: `/api/observations/${traceId(4)}/${spanId(40)}` },
    listTraces: { path: '/api/traces?limit=1' },
    getSpans: { path: `/api/traces/${traceId(4)}/spans?limit=1` },
    listTraceLogs: { path: `/api/traces/${traceId(4)}/logs?q=hello` },
    runSql: { path: '/api/sql', init: { body: JSON.stringify({ sql: 'SELECT * FROM sessions' }) } },
    putBlob: { path: `/api/blobs/sha256/${hash}`, init: { body: new Uint8Array(PNG) }, status: 201 },
  };
  // To be removed.
  await translator.store.append([span({ id: 90, trace: 9 })]);
  let checked = 0;
  for (const operation of API_OPERATIONS) {
    const status = asked[operation.id]?.status ?? 200;
    const name = operation.answers[status]?.flatMap((content) =>
      'json' in content ? [content.json] : [],
    )[0];
    if (name === undefined) continue;
    const request = asked[operation.id];
    if (request === undefined && operation.method !== 'GET') throw new Error(`${operation.id} is not tried.`);
    const path = request?.path ?? operation.path.replace(':id', 's');
    const response = await fetch(translator.url + path, {
      method: operation.method,
      ...request?.init,
    });
    const body: unknown = await response.json();
    expect([operation.id, response.status, response.headers.get('content-type')]).toEqual([
      operation.id,
      status,
      'application/json; charset=utf-8',
    ]);
    const validate = ajv.getSchema(`api#/components/schemas/${name}`) as ValidateFunction;
    validate(body);
    expect([operation.id, validate.errors ?? []]).toEqual([operation.id, []]);
    if (typeof body === 'object' && body !== null && 'items' in body)
      expect([operation.id, (body.items as unknown[]).length]).not.toEqual([operation.id, 0]);
    checked++;
  }
  expect(checked).toBeGreaterThanOrEqual(Object.keys(asked).length);
  const refusal = await (await fetch(`${translator.url}/api/sessions?limit=0`)).json();
  const validate = ajv.getSchema('api#/components/schemas/ApiError') as ValidateFunction;
  expect([validate(refusal), validate({}), validate({ error: { code: 'x' } })]).toEqual([true, false, false]);
});

test('makes a client that compiles and understands a running translator', async () => {
  const types = astToString(await openapiTS(JSON.stringify(document)));
  rmSync(here('./.cache'), { recursive: true, force: true });
  mkdirSync(here('./.cache'), { recursive: true });
  writeFileSync(here('./.cache/api.ts'), types);
  const compiler = here('./node_modules/typescript/bin/tsc');
  const run = promisify(execFile);
  const compile = (): Promise<unknown> =>
    run(process.execPath, [compiler, '-p', here('./tsconfig.client.json')], { encoding: 'utf8' });
  await compile();
  // Written down, this would be compiled before the types that it needs are there.
  const client = './use-client.js';
  const { useClient } = (await import(client)) as { useClient: (url: string) => Promise<object> };
  await translator.store.pin('s', false);
  const { items } = await translator.store.sessions();
  expect(await useClient(translator.url)).toEqual({
    sessions: items.map(({ id }) => id),
    observations: (await translator.store.observations(items[0]?.id ?? '')).length,
    found: ['gpt-5'],
    isPinned: true,
    sql: [[1]],
    missing: 'SPOOR_NOT_FOUND',
  });
  // The compiler does look: a field that the document does not have is an error.
  const source = readFileSync(here('./use-client.ts'), 'utf8');
  writeFileSync(
    here('./.cache/wrong.ts'),
    source.replace("'./.cache/", "'./").replace('.requestModel', '.noSuchField'),
  );
  await expect(compile()).rejects.toMatchObject({ stdout: expect.stringContaining('noSuchField') });
  rmSync(here('./.cache/wrong.ts'));
});

/** The same schemas, with nothing allowed that they do not name. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const made = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, closed(item)]));
  const isObject = made['type'] === 'object' && made['properties'] !== undefined;
  return isObject && made['additionalProperties'] === undefined
    ? { ...made, additionalProperties: false }
    : made;
}
