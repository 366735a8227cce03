import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckGroup } from '../../src/cli/doctor/check.js';
import { createInstalledApp } from '../support/installed-app.js';
import { startOtlpSink } from '../support/otlp-sink.js';
import { runTranslator } from '../server/running.js';
import { runCli } from './run-cli.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spoor-doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function install(name: string, version: string): void {
  const path = join(folder, 'node_modules', name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'package.json'), JSON.stringify({ name, version }));
}

interface Examined {
  code: number | string | null;
  ok: boolean;
  checks: Record<string, { status: string; text: string; remedy?: string }>;
  titles: string[];
}

async function examine(
  args: readonly string[],
  env: Record<string, string> = {},
  main?: string,
): Promise<Examined> {
  const { code, out } = await runCli(['doctor', '--json', ...args], {
    ...(main === undefined ? {} : { main }),
    cwd: folder,
    env: { SPOOR_JOURNAL_DIR: join(folder, 'journal'), ...env },
  });
  // A program that is run writes before the report.
  const report = JSON.parse(out.slice(out.indexOf('{'))) as { ok: boolean; groups: CheckGroup[] };
  const checks = report.groups.flatMap((group) => group.checks.map(({ name, ...check }) => [name, check]));
  return {
    code,
    ok: report.ok,
    checks: Object.fromEntries(checks) as Examined['checks'],
    titles: report.groups.map(({ title }) => title),
  };
}

describe('spoor doctor', () => {
  it('is content with a translator that takes a span and shows it', async () => {
    const translator = await runTranslator();
    const { code, ok, checks } = await examine([], { OTEL_EXPORTER_OTLP_ENDPOINT: translator.url });
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    expect([checks['probe']?.status, checks['read back']?.status, checks['clock']?.status]).toEqual([
      'ok',
      'ok',
      'ok',
    ]);
    expect(checks['endpoint']?.text).toBe(`"${translator.url}", from OTEL_EXPORTER_OTLP_ENDPOINT`);
  });

  it('says plainly that another receiver cannot be read back', async () => {
    const sink = await startOtlpSink();
    const { code, checks } = await examine([], { SPOOR_ENDPOINT: sink.url });
    await sink.close();
    expect(code).toBe(0);
    expect(sink.spans.map(({ name }) => name)).toEqual(['spoor doctor']);
    expect(checks['read back']).toEqual({
      status: 'note',
      text: 'not a translator: OTLP has no way to read back',
    });
  });

  it('fails on a receiver that is down, with what to do', async () => {
    const { code, checks } = await examine([], { SPOOR_ENDPOINT: 'http://127.0.0.1:9' });
    expect(code).toBe(1);
    expect(checks['probe']?.status).toBe('trouble');
    expect(checks['probe']?.text).toContain('ECONNREFUSED');
    expect(checks['probe']?.remedy).toContain('npx spoor serve');
  });

  it('names a missing key, and never prints one', async () => {
    const sink = await startOtlpSink();
    sink.answers.push({ status: 401 });
    const { code, out } = await runCli(['doctor'], {
      cwd: folder,
      env: { SPOOR_JOURNAL_DIR: folder, SPOOR_ENDPOINT: sink.url, SPOOR_API_KEY: 'a-secret-key' },
    });
    await sink.close();
    expect(code).toBe(1);
    expect(out).toContain('Set the key');
    expect(out).not.toContain('a-secret-key');
  });

  it('tells which SDKs are traced and which are too old', async () => {
    install('openai', '4.104.0');
    install('@anthropic-ai/sdk', '0.9.0');
    const { code, checks } = await examine(['--offline']);
    expect(code).toBe(1);
    expect(checks['openai']).toEqual({ status: 'ok', text: 'openai 4.104.0' });
    expect(checks['anthropic']?.text).toBe('@anthropic-ai/sdk 0.9.0 is not traced: >=0.20 is');
  });

  it('names a variable that cannot be read', async () => {
    const { code, checks } = await examine(['--offline'], { SPOOR_DURABILITY: 'always' });
    expect(code).toBe(1);
    expect(checks['environment']?.text).toContain('SPOOR_DURABILITY');
  });

  it('runs a program and tells what became of its spans', async () => {
    const app = createInstalledApp();
    const file = app.write(
      'app.mjs',
      `import { startSession } from 'spoor';\nstartSession({ name: 'demo' });\nprocess.exit(3);`,
    );
    const { code, checks, titles } = await examine(
      ['--offline', '--', process.execPath, file],
      { SPOOR_ENDPOINT: 'http://127.0.0.1:9', SPOOR_DELIVER_ON_EXIT: 'false' },
      join(app.folder, 'node_modules/spoor/dist/src/cli/main.js'),
    );
    app.remove();
    expect(code).toBe(1);
    expect(checks['program']?.text).toBe('ended with exit code 3');
    expect(checks['spans']?.text).toBe('0 delivered, 1 left to the journal, 0 refused, 0 lost');
    expect(checks['provider']?.text).toBe('of our own');
    expect(checks['backlog']?.remedy).toBe('Run `spoor flush`.');
    expect(titles[1]).toMatch(/^Process \d+, Node v/);
  });

  it('says so when the command cannot be run', async () => {
    const { code, checks } = await examine(['--offline', '--', 'no-such-command-of-spoor']);
    expect(code).toBe(1);
    expect(checks['program']?.text).toContain('ENOENT');
    expect(checks['preload']?.status).toBe('trouble');
  });
});
