import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { startTranslator } from '../../src/translator.js';
import { createInstalledApp, type InstalledApp } from '../support/installed-app.js';

let app: InstalledApp;
beforeAll(() => {
  app = createInstalledApp();
});
afterAll(() => app.remove());

const TICKET = `
  import { trace } from '@opentelemetry/api';
  import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
  import { getCurrentContext, init, instrument, startObservation, traceIdFrom } from 'spoor';
  if (process.env.BESIDE_AN_APP) trace.setGlobalTracerProvider(new NodeTracerProvider());
  const spoor = init();
  const options = { name: 'ticket', sessionId: 'chat-1', userId: 'u-7', tags: ['beta'], traceId: traceIdFrom('t-1') };
  instrument(options, () => {
    startObservation({ type: 'tool', name: 'search' }).end();
    getCurrentContext()?.addTag('refund');
  });
  await spoor.flush();`;
const SCORE = `
  import { init, score, traceIdFrom } from 'spoor';
  const spoor = init();
  score({ name: 'solved', value: true, target: { kind: 'trace', id: traceIdFrom('t-1') } });
  await spoor.flush();`;

describe('a trace whose id the program chose', () => {
  it.each([
    ['by itself', {}],
    ['beside an app with a provider of its own', { BESIDE_AN_APP: '1' }],
  ])('is one whole trace in the translator, scored by another process: %s', async (_, env) => {
    const translator = await startTranslator({ port: 0, store: createMemoryStore() });
    try {
      const endpoint = { SPOOR_ENDPOINT: translator.url, ...env };
      for (const [file, text] of [
        ['ticket.mjs', TICKET],
        ['score.mjs', SCORE],
      ] as const) {
        app.write(file, text);
        expect(await app.run(file, { nodeArgs: [], env: endpoint })).toMatchObject({ code: 0, stderr: '' });
      }
      const { items: traces } = (await (await fetch(`${translator.url}/api/traces`)).json()) as {
        items: object[];
      };
      expect(traces).toMatchObject([{ name: 'ticket', sessionId: 'chat-1', spanCount: 3 }]);
      const session = (await (await fetch(`${translator.url}/api/sessions/chat-1`)).json()) as object;
      expect(session).toMatchObject({
        session: { id: 'chat-1' },
        observations: [
          { name: 'ticket', userId: 'u-7', tags: ['beta', 'refund'] },
          { name: 'execute_tool search', userId: 'u-7', tags: ['beta'] },
          { name: 'evaluate solved', scores: [{ name: 'solved', value: true, target: { kind: 'trace' } }] },
        ],
      });
    } finally {
      await translator.close();
    }
  });
});
