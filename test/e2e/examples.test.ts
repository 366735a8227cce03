import { describe, expect, it } from 'vitest';
import { startIndependentCollector } from '../independent-collector/start-independent-collector.js';
import { expectGolden } from './golden.js';
import { normaliseSessions } from './normalise.js';
import { normaliseSpans } from './normalise-spans.js';
import { nodeBinaries } from './run-agent.js';
import { runExample } from './run-example.js';
import { shownSessions, withTranslator } from './translated.js';

/** Each example, with the number of spans that it makes. */
const EXAMPLES: readonly { name: string; spans: number }[] = [
  { name: 'quickstart', spans: 4 },
  { name: 'session-steps', spans: 11 },
];

describe.each(nodeBinaries())('on Node $version', ({ path: node }) => {
  describe.each(EXAMPLES)('the example $name', ({ name, spans }) => {
    it('leaves in the translator what the reviewed file says', async () => {
      const { sent, found } = await withTranslator(
        spans,
        (url) => runExample(name, { node, env: { OTEL_EXPORTER_OTLP_ENDPOINT: url } }),
        shownSessions,
      );
      expect(sent).toMatchObject({ code: 0, stderr: '' });
      expectGolden(`${name}.json`, normaliseSessions(found, 'content'));
    });

    it('sends the spans that the reviewed file says, as any receiver reads them', async () => {
      const collector = await startIndependentCollector();
      try {
        const run = await runExample(name, { node, env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
        expect(run).toMatchObject({ code: 0, stderr: '' });
        const received = await collector.waitForSpans(spans);
        expect(received).toHaveLength(spans);
        expectGolden(`${name}.otlp.json`, normaliseSpans(received, 'content'));
      } finally {
        await collector.close();
      }
    });

    it('says the same when nothing listens', async () => {
      const off = await runExample(name, { node, env: { OTEL_SDK_DISABLED: 'true' } });
      const run = await runExample(name, {
        node,
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
      });
      expect(off).toMatchObject({ code: 0, stderr: '' });
      expect(run).toEqual(off);
    });
  });
});
