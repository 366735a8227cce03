import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { RunReport } from '../../sdk/run-report.js';
import type { Terminal } from '../command.js';
import type { Check, CheckGroup } from './check.js';

const REGISTER = fileURLToPath(new URL('../../register.js', import.meta.url));

/** Runs a command under the preload and tells what the preload saw in each of its processes. */
export async function checkRun(command: readonly string[], terminal: Terminal): Promise<CheckGroup[]> {
  const folder = mkdtempSync(join(tmpdir(), 'spoor-doctor-'));
  try {
    const code = await run(command, folder, terminal);
    const reports = readReports(folder);
    const ended: Check = { name: 'program', status: 'note', text: `ended with ${code}` };
    if (reports.length > 0) {
      return [{ title: command.join(' '), checks: [ended] }, ...reports.map(describeProcess)];
    }
    return [
      {
        title: command.join(' '),
        checks: [
          ended,
          {
            name: 'preload',
            status: 'trouble',
            text: 'no process of the program loaded the preload, or it ended by SIGKILL',
            remedy: 'The program must be run by Node, and must not remove NODE_OPTIONS from its environment.',
          },
        ],
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run([file = '', ...args]: readonly string[], folder: string, terminal: Terminal): Promise<string> {
  return new Promise((resolve) => {
    const { NODE_OPTIONS: given = '' } = terminal.env;
    const child = spawn(file, args, {
      stdio: 'inherit',
      env: {
        ...terminal.env,
        NODE_OPTIONS: `${given} --import=${pathToFileURL(REGISTER).href}`.trim(),
        SPOOR_DOCTOR_REPORT: folder,
      },
    });
    child.on('error', (error) => resolve(`an error: ${error.message}`));
    child.on('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
    terminal.stop.addEventListener('abort', () => child.kill('SIGINT'), { once: true });
  });
}

function readReports(folder: string): RunReport[] {
  return readdirSync(folder)
    .toSorted()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as RunReport);
}

function describeProcess(report: RunReport): CheckGroup {
  const { provider, counts } = report;
  const seen = report.instrumentations.filter(({ loaded }) => loaded > 0);
  const thread = report.thread === 0 ? '' : `, thread ${report.thread}`;
  const lost = counts.dropped + counts.rejected;
  const text = `${counts.delivered} delivered, ${counts.journaled} left to the journal, ${counts.rejected} refused, ${counts.dropped} lost`;
  return {
    title: `Process ${report.pid}${thread}, Node ${report.node}`,
    checks: [
      { name: 'provider', status: 'note', text: PROVIDERS[provider.kind](provider.name) },
      {
        name: 'patched',
        status: 'note',
        text:
          seen.length === 0 ? 'no SDK that spoor traces was loaded' : seen.map(({ name }) => name).join(', '),
      },
      { name: 'spans', status: lost > 0 || counts.journaled > 0 ? 'trouble' : 'ok', text },
      ...report.diagnostics.map((line): Check => ({ name: 'reported', status: 'note', text: line })),
    ],
  };
}

const PROVIDERS = {
  own: () => 'of our own',
  app: (name: string) => `the one of the program (${name})`,
  none: () => 'none was needed: no span was made',
} as const;
