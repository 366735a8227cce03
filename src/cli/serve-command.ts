import type { TranslatorOptions } from '../server/options.js';
import { VERSION } from '../shared/version.js';
import type { Store } from '../store/store.js';
import type { Command, CommandInput, Terminal } from './command.js';
import { readDuration } from './read-time.js';

/** `spoor serve`: runs a translator until the process is told to end. */
export const serveCommand: Command = {
  name: 'serve',
  summary: 'Run the translator: OTLP receiver, store, API and dashboard.',
  positionals: [],
  options: {
    port: { type: 'string', value: 'port', summary: 'Port to listen on; 0 takes a free one. Default: 4318.' },
    host: {
      type: 'string',
      value: 'host',
      summary: 'Address to listen on; others than loopback need keys. Default: 127.0.0.1.',
    },
    data: { type: 'string', value: 'folder', summary: 'Folder of the store. Default: .spoor.' },
    store: {
      type: 'string',
      value: 'url',
      summary:
        'Keep records in ClickHouse instead of a folder: clickhouse://user:password@host:8123/database. Default: SPOOR_STORE.',
    },
    'max-mib': {
      type: 'string',
      value: 'MiB',
      summary: 'Most that the store may hold; the oldest sessions that are not pinned go. Default: 2048.',
    },
    'max-age': {
      type: 'string',
      value: 'time',
      summary: 'Sessions that nothing was heard of for longer go, such as 12h or 30d. Default: none do.',
    },
    'allow-host': { type: 'string', value: 'host', summary: 'A further host name that requests may name.' },
    'api-keys-file': {
      type: 'string',
      value: 'file',
      summary:
        'File of the keys that requests need; `spoor keys create` makes one. SPOOR_API_KEYS adds to it.',
    },
    forward: {
      type: 'string',
      value: 'url|preset[=dialect]',
      summary:
        'Pass on what is received, in that dialect; a preset has its own. May be given more than once; SPOOR_FORWARD_HEADERS has the keys.',
    },
    as: {
      type: 'string',
      value: 'dialect',
      summary:
        'Dialect of the targets of --forward that name none. Default: spans are passed on as they came.',
    },
    sql: {
      type: 'boolean',
      summary: 'Take SQL that reads at POST /api/sql. Default: no, unless SPOOR_SQL is `true`.',
    },
    json: { type: 'boolean', summary: 'Print the address as one line of JSON.' },
  },
  async run(input, terminal) {
    const dataDir = input.text('data') ?? '.spoor';
    const shared = await openSharedStore(input, terminal);
    // The other commands need none of it, and start faster without.
    const { startTranslator } = await import('../server/start-translator.js');
    const translator = await startTranslator({
      ...shared?.options,
      ...optionsOf(input, terminal),
      dataDir,
    }).catch(async (cause: unknown) => {
      await shared?.options.store.close();
      throw cause;
    });
    const { url, port } = translator;
    const place = shared?.shown ?? dataDir;
    terminal.out(
      input.has('json')
        ? `${JSON.stringify({ url, port, dataDir, ...(shared && { store: shared.shown }), pid: process.pid })}\n`
        : banner(url, place),
    );
    await aborted(terminal);
    await translator.close();
    await shared?.options.store.close();
    return 0;
  },
};

/** What the command line and the environment say, but for the store. */
function optionsOf(input: CommandInput, { env, err }: Terminal): TranslatorOptions {
  const host = input.text('host');
  const allowedHost = input.text('allow-host');
  const forwardAs = input.text('as');
  const apiKeysFile = input.text('api-keys-file');
  const apiKeys = env['SPOOR_API_KEYS'] ?? '';
  const maxMib = input.number('max-mib', 1, 2 ** 30);
  const maxAge = input.text('max-age');
  return {
    port: input.number('port', 0, 65_535) ?? 4_318,
    ...(host === undefined ? {} : { host }),
    ...(allowedHost === undefined ? {} : { allowedHosts: [allowedHost] }),
    ...(apiKeys === '' ? {} : { apiKeys: [apiKeys] }),
    ...(apiKeysFile === undefined ? {} : { apiKeysFile }),
    ...(maxMib === undefined ? {} : { limits: { storeBytes: maxMib * 1024 ** 2 } }),
    ...(maxAge === undefined ? {} : { maxAgeMs: readDuration('max-age', maxAge) }),
    sql: input.has('sql') || env['SPOOR_SQL'] === 'true',
    forward: input.texts('forward'),
    ...(forwardAs === undefined ? {} : { forwardAs }),
    forwardHeaders: env['SPOOR_FORWARD_HEADERS'] ?? '',
    log: (line) => err(`${line}\n`),
  };
}

interface SharedStore {
  options: { store: Store; openProject: (name: string) => Promise<Store> };
  /** Its address, without the password. */
  shown: string;
}

/** The store of `--store`, with a database beside it for each project. */
async function openSharedStore(input: CommandInput, { env }: Terminal): Promise<SharedStore | undefined> {
  const url = input.text('store') ?? env['SPOOR_STORE'] ?? '';
  if (url === '') return undefined;
  const [{ openClickHouseStore }, { parseClickHouseAddress, showAddress, withDatabase }] = await Promise.all([
    import('../store/clickhouse/clickhouse-store.js'),
    import('../store/clickhouse/parse-address.js'),
  ]);
  const address = parseClickHouseAddress(url);
  const openProject = (name: string): Promise<Store> =>
    openClickHouseStore({ url: withDatabase(url, `${address.database}_${name}`) });
  return { options: { store: await openClickHouseStore({ url }), openProject }, shown: showAddress(address) };
}

function banner(url: string, dataDir: string): string {
  return [
    `spoor ${VERSION} is ready.`,
    `  dashboard  ${url}/`,
    `  receiver   ${url}/v1/traces`,
    `  data       ${dataDir}`,
    'Ctrl-C ends it.',
    '',
  ].join('\n');
}

function aborted({ stop }: Terminal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener('abort', () => resolve(), { once: true });
  });
}
