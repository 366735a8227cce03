import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startLlmServer, type LlmRequest, type Turn } from '../../src/testing/index.js';

export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url));
export const AGENT: string = join(ROOT, 'examples/support-agent/agent.js');
export const AGENT_WITH_STEPS: string = join(ROOT, 'examples/support-agent/agent-with-steps.js');

export interface NodeBinary {
  readonly version: string;
  readonly path: string;
}

/** The Node that runs the tests, and the first other version on the PATH, so that the oldest line that we support is run too. */
export function nodeBinaries(): NodeBinary[] {
  const own: NodeBinary = { version: process.version, path: process.execPath };
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    if (folder.includes('node_modules')) continue;
    const path = join(folder, process.platform === 'win32' ? 'node.exe' : 'node');
    const version = versionOf(path);
    if (version !== undefined && version !== own.version) return [own, { version, path }];
  }
  return [own];
}

function versionOf(path: string): string | undefined {
  try {
    return execFileSync(path, ['--version'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

export interface AgentRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly requests: readonly LlmRequest[];
  /** Turns of the script that nothing asked for. */
  readonly unused: readonly number[];
}

export interface RunOptions {
  readonly node?: string;
  /** Node options before the file. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the support agent to its end, against its script. Variables that could steer the run are not handed on. */
export async function runAgent(file: string, options: RunOptions = {}): Promise<AgentRun> {
  const { node = process.execPath, flags = [], env = {} } = options;
  const { SCRIPT: script, MODELS: models } = await readScript();
  const llm = await startLlmServer({ script, models });
  try {
    const child = spawn(node, [...flags, file], {
      cwd: ROOT,
      env: {
        ...cleanEnvironment(),
        OPENAI_API_KEY: 'test',
        OPENAI_BASE_URL: llm.openaiBaseUrl,
        ANTHROPIC_API_KEY: 'test',
        ANTHROPIC_BASE_URL: llm.anthropicBaseUrl,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exit = once(child, 'exit');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    await exit;
    return { code: child.exitCode, stdout, stderr, requests: llm.requests, unused: llm.unusedTurns() };
  } finally {
    await llm.close();
  }
}

/** The example is plain JavaScript without types. */
function readScript(): Promise<{ SCRIPT: Turn[]; MODELS: Record<string, string> }> {
  return import(pathToFileURL(join(ROOT, 'examples/support-agent/script.js')).href);
}

const STEERING =
  /^(OTEL_|SPOOR_(?!JOURNAL_DIR)|OPENAI_|ANTHROPIC_|FLUXLOOP_|LUCIDIC_|NODE_OPTIONS|NODE_ENV|VITEST|DEBUG)/;

export function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => !STEERING.test(key)));
}
