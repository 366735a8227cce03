import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LlmServerOptions } from '../../src/testing/llm-server-options.js';
import { startLlmServer } from '../../src/testing/llm-server.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const AGENT = 'examples/support-agent/agent-with-steps.js';
const SCRIPT_URL = new URL('../../examples/support-agent/script.js', import.meta.url).href;
const PRELOAD = fileURLToPath(new URL('preload.mjs', import.meta.url));

type Script = NonNullable<LlmServerOptions['script']>;
type Models = NonNullable<LlmServerOptions['models']>;

/** A receiver as `init({ targets })` takes it. */
export interface Target {
  readonly preset?: string;
  readonly endpoint: string;
  readonly protocol?: string;
}

/**
 * Runs a program as users do, under the preload: the example agent, if no other is named. `options` are given by code, everything
 * else by the environment.
 */
export async function runProgram(run: {
  program?: string;
  service: string;
  folder: string;
  env?: Record<string, string>;
  options?: { targets: readonly Target[]; mode?: string };
}): Promise<void> {
  const { program = AGENT, service, folder, env = {}, options } = run;
  // An example has no types.
  const { MODELS, SCRIPT } = (await import(SCRIPT_URL)) as { MODELS: Models; SCRIPT: Script };
  const llm = await startLlmServer({ script: SCRIPT, models: MODELS });
  try {
    const preloads = ['spoor/register', ...(options === undefined ? [] : [PRELOAD])];
    await runNode([...preloads.flatMap((preload) => ['--import', preload]), program], {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      SPOOR_JOURNAL_DIR: join(folder, 'journal'),
      OPENAI_API_KEY: 'key',
      OPENAI_BASE_URL: llm.openaiBaseUrl,
      ANTHROPIC_API_KEY: 'key',
      ANTHROPIC_BASE_URL: llm.anthropicBaseUrl,
      OTEL_SERVICE_NAME: service,
      // Phoenix keeps spans by project.
      OTEL_RESOURCE_ATTRIBUTES: `openinference.project.name=${service}`,
      ...(options === undefined ? {} : { BACKENDS_OPTIONS: JSON.stringify(options) }),
      ...env,
    });
  } finally {
    await llm.close();
  }
}

async function runNode(args: readonly string[], env: Record<string, string>): Promise<void> {
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env });
  let words = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      words += text;
    });
  }
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`${args.at(-1)} ended with ${String(code)}:\n${words}`);
}
