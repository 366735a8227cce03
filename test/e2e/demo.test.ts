import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './run-agent.js';

interface DemoRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function runDemo(env: Readonly<Record<string, string>>): Promise<DemoRun> {
  return new Promise((resolve) => {
    const options = { cwd: ROOT, env: { ...process.env, ...env } };
    execFile(process.execPath, [join(ROOT, 'scripts/demo.js'), '--once'], options, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr }),
    );
  });
}

describe('npm run demo -- --once', () => {
  it('shows the trail of both agents and ends', async () => {
    const run = await runDemo({});
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(/^Translator and dashboard: http:\/\/127\.0\.0\.1:\d+$/m);
    expect(run.stdout).toContain(
      '$ SPOOR_SESSION="support agent" node --import spoor/register examples/support-agent/agent.js',
    );
    expect(run.stdout).toMatch(/^support agent +ended/m);
    expect(run.stdout).toMatch(/^support ticket +ended/m);
    expect(run.stdout).toContain('8 steps · 8 calls · 8 tools · 2 errors');
    expect(run.stdout).toMatch(/^This session: http:\/\/127\.0\.0\.1:\d+\/sessions\/[\w-]+$/m);
    expect(run.stdout).toMatch(/\n2 passed, 0 failed\n$/);
  });

  it('fails with the reason when nothing arrives', async () => {
    const run = await runDemo({ OTEL_SDK_DISABLED: 'true' });
    expect(run).toMatchObject({
      code: 1,
      stderr: 'The demo failed: Of 8 model calls 0 arrived at the translator within 5000 ms.\n',
    });
    expect(run.stdout).toMatch(/\n0 passed, 1 failed\n$/);
  });
});
