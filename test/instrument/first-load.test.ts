import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

/** The preload as programs see it: from the build, in processes of their own. */
const ROOT = join(import.meta.dirname, '../..');
const REGISTER = join(ROOT, 'dist/src/register.js');
// Below the repository, so that programs find the SDKs.
const folder = mkdtempSync(join(ROOT, 'dist/first-load-'));
afterAll(() => rmSync(folder, { recursive: true }));

const IS_TRACED = `Symbol.for('spoor.patched') in (SDK.OpenAI ?? SDK).Chat.Completions.prototype.create`;
const LOADED = `Object.keys(require.cache).filter((file) => file.includes('@opentelemetry')).length > 0`;
let files = 0;

function run(option: '--import' | '--require', type: 'cjs' | 'mjs', program: string): unknown {
  const file = join(folder, `app-${(files += 1)}.${type}`);
  writeFileSync(file, program);
  const { stdout, stderr } = spawnSync(process.execPath, [option, REGISTER, file], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], OTEL_TRACES_EXPORTER: 'none' },
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

const say = (expression: string): string => `process.stdout.write(JSON.stringify(${expression}));`;

describe.each(['--import', '--require'] as const)('the preload by %s', (option) => {
  it('loads nothing of OpenTelemetry for a program without an SDK', () => {
    expect(run(option, 'cjs', `require('node:http'); ${say(LOADED)}`)).toBe(false);
    const program = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); ${say(LOADED)}`;
    expect(run(option, 'mjs', program)).toBe(false);
  });

  it.each([
    ['import', 'mjs', `import * as SDK from 'openai'; ${say(IS_TRACED)}`],
    ['require', 'cjs', `const SDK = require('openai'); ${say(IS_TRACED)}`],
    ['import()', 'cjs', `import('openai').then((SDK) => { ${say(IS_TRACED)} });`],
    [
      'createRequire',
      'mjs',
      `import { createRequire } from 'node:module'; const SDK = createRequire(import.meta.url)('openai'); ${say(IS_TRACED)}`,
    ],
    [
      'OpenTelemetry first',
      'mjs',
      `import '@opentelemetry/api'; import '@opentelemetry/sdk-trace-node'; import * as SDK from 'openai'; ${say(IS_TRACED)}`,
    ],
    [
      'OpenTelemetry last',
      'mjs',
      `import * as SDK from 'openai'; import '@opentelemetry/api'; ${say(IS_TRACED)}`,
    ],
    [
      'spoor itself first',
      'mjs',
      `import { withSession } from 'spoor'; import * as SDK from 'openai'; withSession({}, () => ${say(IS_TRACED).slice(0, -1)});`,
    ],
    [
      'several at once',
      'cjs',
      `import('spoor'); import('@opentelemetry/api'); import('openai').then((SDK) => { ${say(IS_TRACED)} });`,
    ],
  ] as const)('traces an SDK that is loaded by: %s', (_, type, program) => {
    expect(run(option, type, program)).toBe(true);
  });

  it('records what the program does with spoor before it loads an SDK', () => {
    const program = `
      const { init, withSession } = await import('spoor');
      withSession({ name: 'first' }, () => undefined);
      const { pending, delivered } = await init().flush(1);
      ${say('pending + delivered')}`;
    const file = join(folder, 'session.mjs');
    writeFileSync(file, program);
    const { stdout } = spawnSync(process.execPath, [option, REGISTER, file], {
      cwd: folder,
      encoding: 'utf8',
      // Nobody listens there.
      env: {
        PATH: process.env['PATH'],
        SPOOR_ENDPOINT: 'http://127.0.0.1:9',
        SPOOR_SHUTDOWN_TIMEOUT: '1',
        SPOOR_DURABILITY: 'memory',
      },
    });
    expect(JSON.parse(stdout)).toBe(1);
  });
});
