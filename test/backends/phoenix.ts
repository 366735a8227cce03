import { fileURLToPath } from 'node:url';
import type { BackEnd, HeldSpan, RunningBackEnd, Wanted } from './back-end.js';
import { pythonProgram } from './install.js';
import { answers, freePorts, startProcess, until } from './run-process.js';

const VERSION = '20.26.1';
const FOLDER = fileURLToPath(new URL('phoenix', import.meta.url));

/** Arize Phoenix with its SQLite storage. It takes protobuf only. */
export const phoenix: BackEnd = {
  name: 'phoenix',
  title: 'Phoenix',
  version: VERSION,
  api: '`GET /v1/projects/<project>/spans`',
  install: pythonProgram({ name: 'phoenix', package: 'arize-phoenix', version: VERSION, constraints: FOLDER }),
  start,
  represent,
  timeStepNs: 1000n,
  addressVariable: 'PHOENIX_COLLECTOR_ENDPOINT',
};

async function start(program: string, folder: string): Promise<RunningBackEnd> {
  const [http = 0, grpc = 0] = await freePorts(2);
  const endpoint = `http://127.0.0.1:${http}`;
  const { stop } = await startProcess({
    command: program,
    args: ['serve'],
    folder,
    env: {
      PHOENIX_HOST: '127.0.0.1',
      PHOENIX_PORT: String(http),
      PHOENIX_GRPC_PORT: String(grpc),
      PHOENIX_WORKING_DIR: folder,
      PHOENIX_TELEMETRY_ENABLED: 'false',
      PHOENIX_ALLOW_EXTERNAL_RESOURCES: 'false',
      PHOENIX_DISABLE_AGENT_ASSISTANT: 'true',
    },
    isReady: () => answers(`${endpoint}/readyz`),
    timeoutMs: 300_000,
  });
  return { endpoint, read: (wanted) => until(() => find(endpoint, wanted), wanted.spans), stop };
}

async function find(endpoint: string, { service }: Wanted): Promise<HeldSpan[]> {
  const response = await fetch(`${endpoint}/v1/projects/${service}/spans?limit=1000`);
  if (response.status === 404) return [];
  if (!response.ok) throw new Error(`Phoenix answered ${response.status}: ${await response.text()}`);
  const { data } = (await response.json()) as { data: any[] };
  return data;
}

function represent(span: any): HeldSpan {
  return span;
}
