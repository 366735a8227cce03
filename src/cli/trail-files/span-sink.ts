import { existsSync } from 'node:fs';
import { resolveClientOptions, DEFAULT_URL } from '../../client/options.js';
import { refusal, request } from '../../client/http.js';
import { encodeTraceRequestJson } from '../../otlp/encode-json.js';
import type { SpanRecord } from '../../otlp/records.js';
import { openDataDir, storePath } from '../../server/data-dir.js';
import { SpoorError } from '../../shared/errors.js';
import type { CommandInput, Terminal } from '../command.js';
import { translatorUrl } from '../trail-source.js';

/** Where imported spans go: a running translator, or a data folder that none has open. */
export interface SpanSink {
  /** Resolves once the spans are kept. */
  append(spans: readonly SpanRecord[]): Promise<void>;
  close(): Promise<void>;
  /** For the user: what it writes to. */
  readonly name: string;
}

const DEFAULT_DATA_DIR = '.spoor';
const TIMEOUT_MS = 60_000;
const RETRIES = 8;

/** The sink that the options name; without any, the folder `.spoor` when no translator answers. */
export async function openSpanSink(input: CommandInput, terminal: Terminal): Promise<SpanSink> {
  const dataDir = input.text('data');
  if (dataDir !== undefined && input.has('url')) {
    throw new SpoorError('SPOOR_USAGE', 'Give --url or --data, not both.');
  }
  if (dataDir !== undefined) return storeSink(dataDir);
  const url = translatorUrl(input, terminal);
  const isNamed = input.has('url') || terminal.env['SPOOR_URL'] !== undefined;
  const sink = translatorSink(url, terminal);
  if (isNamed || (await answers(sink))) return sink;
  if (!existsSync(storePath(DEFAULT_DATA_DIR))) {
    throw new SpoorError(
      'SPOOR_TRANSLATOR_UNREACHABLE',
      `No translator answers at ${DEFAULT_URL}, and there is no folder "${DEFAULT_DATA_DIR}": name one with --data.`,
    );
  }
  return storeSink(DEFAULT_DATA_DIR);
}

async function answers(sink: SpanSink & { ping(): Promise<void> }): Promise<boolean> {
  try {
    await sink.ping();
    return true;
  } catch (error) {
    if (error instanceof SpoorError && error.code === 'SPOOR_TRANSLATOR_UNREACHABLE') return false;
    throw error;
  }
}

async function storeSink(dataDir: string): Promise<SpanSink> {
  const store = await openDataDir(dataDir, { readOnly: false });
  return {
    name: dataDir,
    async append(spans) {
      await store.append(spans);
    },
    close: () => store.close(),
  };
}

function translatorSink(baseUrl: string, { env }: Terminal): SpanSink & { ping(): Promise<void> } {
  const options = resolveClientOptions({ baseUrl, timeoutMs: TIMEOUT_MS, retries: RETRIES }, env);
  const open = new AbortController();
  const send = async (spans: readonly SpanRecord[], retries: number): Promise<void> => {
    const response = await request({ ...options, retries }, open.signal, {
      method: 'POST',
      path: '/v1/traces',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(encodeTraceRequestJson(spans)),
    });
    if (!response.ok) throw await refusal(baseUrl, response);
    await response.arrayBuffer();
  };
  return {
    name: baseUrl,
    append: (spans) => send(spans, RETRIES),
    // An empty request is answered like any other.
    ping: () => send([], 0),
    close: async () => open.abort(),
  };
}
