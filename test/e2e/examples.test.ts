import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SpanRecord } from '../../src/testing/index.js';
import type { SessionResponse, Translator } from '../../src/translator.js';
import { startIndependentCollector } from '../independent-collector/start-independent-collector.js';
import { expectGolden } from './golden.js';
import { normaliseSessions } from './normalise.js';
import { normaliseSpans } from './normalise-spans.js';
import { nodeBinaries } from './run-agent.js';
import { runExample, type ProgramRun } from './run-example.js';
import { shownSessions, withTranslator } from './translated.js';
import { readWrittenFiles } from './written-files.js';

/** Each example, with the number of spans that it makes. */
const EXAMPLES: readonly { name: string; spans: number }[] = [
  { name: 'quickstart', spans: 4 },
  { name: 'session-steps', spans: 11 },
  { name: 'decorators', spans: 13 },
  { name: 'streaming', spans: 7 },
  { name: 'browser-agent', spans: 16 },
  { name: 'recording', spans: 6 },
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spoor-examples-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What an example writes goes into `to`, not into the repository. */
function run(name: string, node: string, to: string, env: Record<string, string>): Promise<ProgramRun> {
  return runExample(name, {
    node,
    env: {
      OTEL_SERVICE_NAME: name,
      SPOOR_BASE_PATH: join(to, 'traces'),
      SPOOR_RECORDING_FILE: join(to, 'args.jsonl'),
      ...env,
    },
  });
}

/** One resource for all: it is shown once. */
function normaliseReceived(spans: readonly SpanRecord[]): unknown {
  const all = normaliseSpans(spans, 'content') as SpanRecord[];
  const resources = new Set(all.map(({ resource }) => JSON.stringify(resource)));
  return {
    resources: [...resources].map((resource) => JSON.parse(resource) as object),
    spans: all.map((span) => ({ ...span, resource: undefined })),
  };
}

async function readSessionsAndImages(
  translator: Translator,
): Promise<{ sessions: SessionResponse[]; images: ShownImage[] }> {
  const sessions = await shownSessions(translator);
  const references = new Set(
    sessions.flatMap(({ steps }) => steps).flatMap((step) => step.screenshots ?? []),
  );
  return {
    sessions,
    images: await Promise.all([...references].map((each) => fetchImage(each, translator.url))),
  };
}

interface ShownImage {
  readonly status: number;
  readonly type: string | null;
  readonly isTheOneNamed: boolean;
}

async function fetchImage(reference: string, url: string): Promise<ShownImage> {
  const response = await fetch(`${url}/api/blobs/${reference.replace(':', '/')}`);
  const hash = createHash('sha256')
    .update(new Uint8Array(await response.arrayBuffer()))
    .digest('hex');
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    isTheOneNamed: reference === `sha256:${hash}`,
  };
}

describe.each(nodeBinaries())('on Node $version', ({ path: node, version }) => {
  describe.each(EXAMPLES)('the example $name', ({ name, spans }) => {
    it('leaves in the translator, and in files, what the reviewed files say', async () => {
      const to = join(folder, version, name);
      const { sent, found } = await withTranslator(
        spans,
        (url) => run(name, node, to, { OTEL_EXPORTER_OTLP_ENDPOINT: url }),
        readSessionsAndImages,
      );
      expect(sent).toMatchObject({ code: 0, stderr: '' });
      expectGolden(`${name}.json`, normaliseSessions(found.sessions, 'content'));
      expect(found.images).toEqual(
        found.images.map(() => ({ status: 200, type: 'image/png', isTheOneNamed: true })),
      );
      expect(found.images).toHaveLength(name === 'browser-agent' ? 5 : 0);
      const written = readWrittenFiles(to);
      if (name === 'recording') expectGolden(`${name}.files.json`, written);
      else expect(written).toEqual({});
    });

    it('sends the spans that the reviewed file says, as any receiver reads them', async () => {
      const collector = await startIndependentCollector();
      try {
        const to = join(folder, version, `${name}-otlp`);
        const sent = await run(name, node, to, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
        expect(sent).toMatchObject({ code: 0, stderr: '' });
        const received = await collector.waitForSpans(spans);
        expect(received).toHaveLength(spans);
        expectGolden(`${name}.otlp.json`, normaliseReceived(received));
      } finally {
        await collector.close();
      }
    });

    it('says the same with spoor off and with nothing that listens', async () => {
      const to = join(folder, version, `${name}-alone`);
      const off = await run(name, node, to, { OTEL_SDK_DISABLED: 'true' });
      const alone = await run(name, node, to, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
      expect(off).toMatchObject({ code: 0, stderr: '' });
      expect(off.stdout).not.toBe('');
      expect(alone).toEqual(off);
    });
  });
});
