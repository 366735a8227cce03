import { VERSION } from '../shared/version.js';
import type { Command, Terminal } from './command.js';

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
    'max-mib': {
      type: 'string',
      value: 'MiB',
      summary: 'Most that the store may hold; the oldest sessions that are not pinned go. Default: 2048.',
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
      value: 'url[=dialect]',
      summary:
        'Pass on what is received, in that dialect. May be given more than once; SPOOR_FORWARD_HEADERS has the keys.',
    },
    json: { type: 'boolean', summary: 'Print the address as one line of JSON.' },
  },
  async run(input, terminal) {
    const host = input.text('host');
    const allowedHost = input.text('allow-host');
    const apiKeysFile = input.text('api-keys-file');
    const apiKeys = terminal.env['SPOOR_API_KEYS'] ?? '';
    const dataDir = input.text('data') ?? '.spoor';
    const maxMib = input.number('max-mib', 1, 2 ** 30);
    // The other commands need none of it, and start faster without.
    const { startTranslator } = await import('../server/start-translator.js');
    const translator = await startTranslator({
      port: input.number('port', 0, 65_535) ?? 4_318,
      dataDir,
      ...(host === undefined ? {} : { host }),
      ...(allowedHost === undefined ? {} : { allowedHosts: [allowedHost] }),
      ...(apiKeys === '' ? {} : { apiKeys: [apiKeys] }),
      ...(apiKeysFile === undefined ? {} : { apiKeysFile }),
      ...(maxMib === undefined ? {} : { limits: { storeBytes: maxMib * 1024 ** 2 } }),
      forward: input.texts('forward'),
      forwardHeaders: terminal.env['SPOOR_FORWARD_HEADERS'] ?? '',
      log: (line) => terminal.err(`${line}\n`),
    });
    const { url, port } = translator;
    terminal.out(
      input.has('json')
        ? `${JSON.stringify({ url, port, dataDir, pid: process.pid })}\n`
        : banner(url, dataDir),
    );
    await aborted(terminal);
    await translator.close();
    return 0;
  },
};

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
