import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { AddressInfo } from 'node:net';
import type { PresetName } from '../../src/config/preset-names.js';
import type { SpanRecord } from '../../src/otlp/records.js';
import { readJson, readProtobuf, spansOf } from '../independent-collector/read-request.js';

/** What the service of a preset documents about its requests. */
export interface Hosted {
  readonly name: PresetName;
  /** Its variables, when it is at this address. */
  readonly env: (url: string) => Record<string, string>;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Services that run elsewhere: their requests are taken here instead, by the variables that they have for that. */
export const HOSTED: readonly Hosted[] = [
  {
    name: 'langfuse',
    env: (url) => ({ LANGFUSE_BASE_URL: url, LANGFUSE_PUBLIC_KEY: 'pk-1', LANGFUSE_SECRET_KEY: 'sk-1' }),
    path: '/api/public/otel/v1/traces',
    headers: { authorization: basic('pk-1', 'sk-1'), 'x-langfuse-ingestion-version': '4' },
  },
  {
    name: 'honeycomb',
    env: (url) => ({ HONEYCOMB_API_ENDPOINT: url, HONEYCOMB_API_KEY: 'hc', HONEYCOMB_DATASET: 'agents' }),
    path: '/v1/traces',
    headers: { 'x-honeycomb-team': 'hc', 'x-honeycomb-dataset': 'agents' },
  },
  {
    name: 'grafana',
    env: (url) => ({
      GRAFANA_OTLP_ENDPOINT: `${url}/otlp`,
      GRAFANA_INSTANCE_ID: '7',
      GRAFANA_API_TOKEN: 'glc',
    }),
    path: '/otlp/v1/traces',
    headers: { authorization: basic('7', 'glc') },
  },
  {
    name: 'langsmith',
    env: (url) => ({ LANGSMITH_ENDPOINT: url, LANGSMITH_API_KEY: 'ls', LANGSMITH_PROJECT: 'p' }),
    path: '/otel/v1/traces',
    headers: { 'x-api-key': 'ls', 'langsmith-project': 'p' },
  },
  {
    name: 'braintrust',
    env: (url) => ({
      BRAINTRUST_API_URL: url,
      BRAINTRUST_API_KEY: 'bt',
      BRAINTRUST_PARENT: 'project_name:p',
    }),
    path: '/otel/v1/traces',
    headers: { authorization: 'Bearer bt', 'x-bt-parent': 'project_name:p' },
  },
  {
    name: 'traceloop',
    env: (url) => ({ TRACELOOP_BASE_URL: url, TRACELOOP_API_KEY: 'tl' }),
    path: '/v1/traces',
    headers: { authorization: 'Bearer tl' },
  },
];

/** A request as it came, read by the official definitions. */
export interface HostedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly spans: readonly SpanRecord[];
}

/** Takes the requests of all of them: each has its own first part of the path. */
export async function startHosted(): Promise<{
  url: string;
  requests: readonly HostedRequest[];
  close(): Promise<void>;
}> {
  const requests: HostedRequest[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const sent = await buffer(request);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    const type = request.headers['content-type'] ?? '';
    const isJson = type.startsWith('application/json');
    const spans = spansOf(isJson ? readJson(body) : readProtobuf(body));
    requests.push({ path: request.url ?? '', headers: request.headers, spans });
    response.writeHead(200, { 'content-type': type }).end(isJson ? '{}' : '');
  };
  const server = createServer((request, response) => {
    void take(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
