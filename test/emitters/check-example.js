/** The example agent, traced by spoor and by others: `spoor show` must show the same. */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const QUICKSTART = join(ROOT, 'examples/quickstart');
const PRELOADS = {
  spoor: 'spoor/register',
  OpenInference: fileURLToPath(new URL('example/openinference.mjs', import.meta.url)),
  OpenLLMetry: fileURLToPath(new URL('example/openllmetry.mjs', import.meta.url)),
};

/**
 * What differs because the libraries have no word for it, or another one. Each line says what the others show in the place of
 * what spoor shows.
 */
const OTHERWISE = [
  // A session has no name in their words: it is called after its service.
  [/^\S.*? {2,}ended.*$/m, '<title> ended'],
  // They have no task and no outcome of a session.
  [/^(task|outcome) .*\n/gm, ''],
  [/^session .*$/m, 'session <id>'],
  [/^started .*$/m, 'started <time>'],
  [/ +[\d.]+ m?s$/gm, ''],
  // OpenInference calls its spans after the method.
  [/OpenAI Chat Completions gpt/g, 'chat gpt'],
  // OpenLLMetry says the reason in the word of the conventions, the others in that of the provider.
  [/ +(\d+→\d+) {2}tool_calls?$/gm, ' $1 tool_call'],
  [/ +(\d+→\d+) {2}stop$/gm, ' $1 stop'],
];

/** Gives the faults of each of the others. `startTranslator` and `createMemoryStore` are those of the package. */
export async function checkExample(kit) {
  const shown = {};
  for (const name of Object.keys(PRELOADS)) shown[name] = normalised(await show(name, kit));
  const { spoor, ...others } = shown;
  if (!spoor.includes('get_forecast') || !spoor.includes('tokens   175 in'))
    throw new Error(`spoor shows:\n${spoor}`);
  return Object.entries(others).map(([name, text]) => ({
    name,
    faults: text === spoor ? [] : [`spoor show is another for ${name}:\n${text}\nand for spoor:\n${spoor}`],
  }));
}

async function show(name, { startTranslator, createMemoryStore }) {
  const store = createMemoryStore();
  const translator = await startTranslator({ port: 0, store });
  const folder = await mkdtemp(join(tmpdir(), 'spoor-example-'));
  try {
    const preloads = [PRELOADS[name], join(QUICKSTART, 'offline.js')];
    // The model's address is set before a library is.
    if (name !== 'spoor') preloads.reverse();
    const flags = preloads.flatMap((preload) => ['--import', preload]);
    await run(process.execPath, [...flags, join(QUICKSTART, 'agent.js')], {
      cwd: ROOT,
      timeout: 60_000,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        SPOOR_JOURNAL_DIR: join(folder, 'journal'),
        OTEL_EXPORTER_OTLP_ENDPOINT: translator.url,
        EXAMPLE_RECEIVER: translator.url,
        EXAMPLE_SESSION: 'ses_packing',
        EXAMPLE_OPENAI: pathToFileURL(join(ROOT, 'node_modules/openai/index.mjs')).href,
      },
    });
    const command = [join(ROOT, 'dist/src/cli/main.js'), 'show', 'latest', '--url', translator.url];
    const { stdout } = await run(process.execPath, command, {
      env: { PATH: process.env.PATH, COLUMNS: '100' },
    });
    return stdout;
  } finally {
    await translator.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function normalised(text) {
  let plain = text;
  for (const [pattern, same] of OTHERWISE) plain = plain.replace(pattern, same);
  return plain;
}
