import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCollector, startLlmServer, type Collector, type LlmServer } from '../../src/testing/index.js';
import { createInstalledApp, type InstalledApp, type RunResult } from '../support/installed-app.js';

/** A program that asks a model by a class of an SDK, inside a session. */
const program = (create: string): string => `
import { withSession, withStep } from 'spoor';
import { wrap } from 'spoor/instrumentations/openai';
import OpenAI from 'openai';
await withSession({ name: 'job' }, () =>
  withStep({ name: 'ask' }, async () => {
    const client = ${create};
    const answer = await client.chat.completions.create({
      model: 'gpt-test',
      messages: [{ role: 'user', content: 'Where to?' }],
    });
    console.log(answer.choices[0].message.content);
  }),
);
`;
const CLIENT = 'new OpenAI({ apiKey: "none", baseURL: process.env.LLM_URL })';
const PLAIN = `
import OpenAI from 'openai';
const client = new OpenAI({ apiKey: 'none', baseURL: process.env.LLM_URL });
const messages = [{ role: 'user', content: 'Where to?' }];
const answer = await client.chat.completions.create({ model: 'gpt-test', messages });
console.log(answer.choices[0].message.content);
`;
const SPANS = ['chat gpt-test', 'session job', 'step ask'];
const MAJOR = Number(process.versions.node.split('.')[0]);
const PERMISSION = [
  ...(MAJOR < 24 ? ['--experimental-permission'] : ['--permission']),
  ...(MAJOR < 25 ? [] : ['--allow-net']),
  '--allow-fs-read=*',
];

let app: InstalledApp;
let llm: LlmServer;
let collector: Collector;

beforeAll(async () => {
  app = createInstalledApp();
  app.link('openai');
  app.write('program.mjs', program(CLIENT));
  app.write('wrapped.mjs', program(`wrap(${CLIENT})`));
  app.write('plain.mjs', PLAIN);
  llm = await startLlmServer({ respond: () => ({ text: 'North.' }) });
});
afterAll(async () => {
  app.remove();
  await llm.close();
});

async function run(file: string, flags: readonly string[], endpoint: string): Promise<RunResult> {
  return app.run(file, {
    nodeArgs: [...flags, '--import', 'spoor/register'],
    env: { LLM_URL: llm.openaiBaseUrl, SPOOR_ENDPOINT: endpoint, NODE_NO_WARNINGS: '1' },
  });
}

describe.each([
  // There, import-in-the-middle cannot set `Error.stackTraceLimit`: a client of an ESM program has to be wrapped.
  ['--frozen-intrinsics', ['--frozen-intrinsics'], 'wrapped.mjs'],
  ['--disallow-code-generation-from-strings', ['--disallow-code-generation-from-strings'], 'program.mjs'],
  ['the permission model, nothing but reading allowed', PERMISSION, 'program.mjs'],
  ['--disable-proto=throw', ['--disable-proto=throw'], 'program.mjs'],
])('under %s', (_, flags, file) => {
  it('traces a program as ever', async () => {
    collector = await startCollector();
    try {
      const { code, stdout, stderr } = await run(file, flags, collector.url);
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'North.\n', stderr: '' });
      const spans = await collector.waitForSpans(SPANS.length);
      expect(spans.map(({ name }) => name).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(SPANS);
    } finally {
      await collector.close();
    }
  });

  it('lets it end as ever when nobody takes the spans', async () => {
    const { code, stdout } = await run('plain.mjs', flags, 'http://127.0.0.1:1');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'North.\n' });
  });
});
