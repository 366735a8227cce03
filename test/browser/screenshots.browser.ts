import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SpoorClient } from '../../dist/src/client.js';
import { type Translator, startTranslator } from '../../dist/src/translator.js';
import { openBrowser, openPage } from './open-browser.js';

/** One transparent pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
const MISSING = `sha256:${'0'.repeat(64)}`;

let folder: string;
let translator: Translator;
let browser: Browser;
let kept: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spoor-browser-'));
  translator = await startTranslator({ port: 0, dataDir: folder });
  kept = (await new SpoorClient({ baseUrl: translator.url }).blobs.put(PNG)).reference;
  await send([
    kept,
    MISSING,
    'https://evil.example/x.png',
    'sha256:../../stats',
    'data:image/png;base64,AA==',
  ]);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await translator?.close();
  rmSync(folder, { recursive: true, force: true });
});

function attribute(key: string, value: object): object {
  return { key, value };
}

async function send(references: readonly string[]): Promise<void> {
  const span = {
    traceId: '1'.repeat(32),
    spanId: '1'.repeat(16),
    name: 'step look',
    startTimeUnixNano: '1772357400000000000',
    endTimeUnixNano: '1772357401000000000',
    attributes: [
      attribute('session.id', { stringValue: 'run' }),
      attribute('spoor.step.id', { stringValue: 'look' }),
      attribute('spoor.step.screenshots', {
        arrayValue: { values: references.map((stringValue) => ({ stringValue })) },
      }),
      attribute('spoor.warnings', { arrayValue: { values: [{ stringValue: 'one was <b>too large</b>' }] } }),
    ],
  };
  const body = JSON.stringify({
    resourceSpans: [{ scopeSpans: [{ scope: { name: 'spoor' }, spans: [span] }] }],
  });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${translator.url}/v1/traces`, { method: 'POST', headers, body });
  expect(response.status).toBe(200);
}

it('shows the screenshots of a step from our own server and from nowhere else', async () => {
  const { page, complaints } = await openPage(browser, translator.url, {
    viewport: { width: 1_280, height: 800 },
  });
  await page.goto(`${translator.url}/sessions/run`);
  await page.locator('.trail .step a').first().click();
  const image = page.getByRole('img', { name: 'Screenshot 1 of look' });
  await image.waitFor();
  await page.waitForFunction(() => [...document.images].every((shown) => shown.complete));
  const size = await image.evaluate((shown) => (shown as HTMLImageElement).naturalWidth);
  expect([size, await image.getAttribute('src')]).toEqual([
    1,
    `/api/blobs/sha256/${kept.slice('sha256:'.length)}`,
  ]);
  await page.getByText('Screenshot 2 of look: not stored here (sha256:000000000000…)').waitFor();
  expect(await page.locator('main img').count()).toBe(1);
  await page.getByText('one was <b>too large</b>').waitFor();
  // A missing image is a 404 that the browser itself reports; nothing else may go wrong.
  expect(complaints.filter((complaint) => !complaint.includes('404'))).toEqual([]);
  await page.context().close();
});
