import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCollector, type Collector } from '../../../src/testing/index.js';
import { createInstalledApp, type InstalledApp } from '../../support/installed-app.js';

const SDK = fileURLToPath(new URL('../../sdks/ai7/', import.meta.url));
const isMissing = !existsSync(join(SDK, 'node_modules/ai'));
const isOld = Number(process.versions.node.split('.')[0]) < 22;

const PROGRAM = `
import { generateText, stepCountIs, tool, jsonSchema } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
let turns = 0;
const usage = { inputTokens: { total: 20 }, outputTokens: { total: 10 } };
const call = { type: 'tool-call', toolCallId: 'a', toolName: 'look', input: '{}' };
const model = new MockLanguageModelV4({
  provider: 'mock.chat',
  modelId: 'm-1',
  doGenerate: async () =>
    turns++ === 0
      ? { content: [call], finishReason: { unified: 'tool-calls' }, usage, warnings: [] }
      : { content: [{ type: 'text', text: 'North.' }], finishReason: { unified: 'stop' }, usage, warnings: [] },
});
const look = tool({ inputSchema: jsonSchema({ type: 'object' }), execute: () => 'seen' });
const { text } = await generateText({ model, prompt: 'Where to?', tools: { look }, stopWhen: stepCountIs(2) });
console.log(text);
`;

// The package is installed by the contract suite.
describe.skipIf(isMissing || isOld)(
  'major 7 in a bundle (needs Node 22 and the SDKs of the contract suite)',
  () => {
    let app: InstalledApp;
    let collector: Collector;
    beforeAll(async () => {
      app = createInstalledApp();
      collector = await startCollector();
      await build({
        stdin: { contents: PROGRAM, resolveDir: SDK, loader: 'js' },
        outfile: join(app.folder, 'app.mjs'),
        bundle: true,
        platform: 'node',
        format: 'esm',
        banner: {
          js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
        },
        logLevel: 'silent',
      });
    });
    afterAll(async () => {
      app.remove();
      await collector.close();
    });

    it('is traced by its channel, though nothing is seen to load', async () => {
      const { stdout, code } = await app.run('app.mjs', {
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
      });
      expect([stdout, code]).toEqual(['North.\n', 0]);
      const spans = await collector.waitForSpans(4);
      const byId = new Map(spans.map(({ spanId, name }) => [spanId, name]));
      expect(spans.map(({ name, parentSpanId }) => [name, byId.get(parentSpanId ?? '')])).toEqual([
        ['chat m-1', 'invoke_agent'],
        ['execute_tool look', 'invoke_agent'],
        ['chat m-1', 'invoke_agent'],
        ['invoke_agent', undefined],
      ]);
    });
  },
);
