import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SpoorClient } from '../../dist/src/client.js';
import { type Translator, startTranslator } from '../../dist/src/translator.js';
import { openBrowser, openPage } from './open-browser.js';
import { HOSTILE, supportTrail } from './sample-trails.js';

const KEY = 'k'.repeat(40);
/** One transparent pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
let folder: string;
let translator: Translator;
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spoor-browser-keys-'));
  translator = await startTranslator({ port: 0, dataDir: folder, apiKeys: [KEY] });
  await send('/v1/traces', supportTrail('run-1', ''));
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await translator?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function send(path: string, body: object): Promise<void> {
  const response = await fetch(translator.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
}

it('asks for the key, keeps it in the tab, and then shows and follows what there is', async () => {
  const { page, complaints } = await openPage(browser, translator.url, {});
  await page.goto(translator.url);
  await page.getByLabel('Key').fill('wrong-wrong-wrong-wrong-wrong');
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByText('The key was refused').waitFor();
  await page.getByLabel('Key').fill(KEY);
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.locator('a[href*="run-1"]').first().waitFor();
  expect(await page.evaluate(() => [sessionStorage.length, localStorage.length, document.cookie])).toEqual([
    1,
    0,
    '',
  ]);
  // The stream of changes carries the key too.
  await page.getByText('live', { exact: false }).first().waitFor();
  await send('/v1/traces', supportTrail('run-2', ''));
  await page.locator('a[href*="run-2"]').first().waitFor();
  expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
  await page.context().close();
});

it('shows log records as text under their observation', async () => {
  const trail = supportTrail('run-logs', '');
  await send('/v1/traces', trail);
  const found = await fetch(`${translator.url}/api/sessions/run-logs`, {
    headers: { authorization: `Bearer ${KEY}` },
  });
  const { observations } = (await found.json()) as { observations: { id: string; traceId: string }[] };
  const { id: spanId, traceId } = observations[0] as { id: string; traceId: string };
  const record = { traceId, spanId, eventName: 'retry', body: { stringValue: `attempt two ${HOSTILE}` } };
  await send('/v1/logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
  const { page, complaints } = await openPage(browser, translator.url, {});
  await page.addInitScript((key) => sessionStorage.setItem('spoor.key', key), KEY);
  await page.goto(`${translator.url}/sessions/run-logs?observation=${spanId}`);
  const logs = page.getByLabel('Log records');
  await logs.waitFor();
  expect(await logs.innerText()).toContain('attempt two');
  expect(await logs.locator('script, img, b').count()).toBe(0);
  // What arrives while the page is open is shown too.
  const later = { traceId, spanId, body: { stringValue: 'attempt three' } };
  await send('/v1/logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [later] }] }] });
  await logs.getByText('attempt three').waitFor();
  const loose = { traceId, body: { stringValue: 'of no span' } };
  await send('/v1/logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [loose] }] }] });
  await page.getByRole('link', { name: '← Transcript' }).click();
  await logs.getByText('of no span').waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('shows images that need the key', async () => {
  const client = new SpoorClient({ baseUrl: translator.url, apiKey: KEY });
  const { reference } = await client.blobs.put(PNG);
  const span = {
    traceId: '1'.repeat(32),
    spanId: '1'.repeat(16),
    name: 'step look',
    startTimeUnixNano: '1772357400000000000',
    endTimeUnixNano: '1772357401000000000',
    attributes: [
      { key: 'session.id', value: { stringValue: 'run-image' } },
      { key: 'spoor.step.id', value: { stringValue: 'look' } },
      { key: 'spoor.step.screenshots', value: { arrayValue: { values: [{ stringValue: reference }] } } },
    ],
  };
  await send('/v1/traces', {
    resourceSpans: [{ scopeSpans: [{ scope: { name: 'spoor' }, spans: [span] }] }],
  });
  const { page, complaints } = await openPage(browser, translator.url, {});
  await page.addInitScript((key) => sessionStorage.setItem('spoor.key', key), KEY);
  await page.goto(`${translator.url}/sessions/run-image?step=look`);
  const image = page.getByRole('img', { name: 'Screenshot 1 of look' });
  await image.waitFor();
  await page.waitForFunction(() => [...document.images].every((shown) => shown.complete));
  const shown = await image.evaluate((found: HTMLImageElement) => [
    found.naturalWidth,
    found.src.slice(0, 5),
  ]);
  expect(shown).toEqual([1, 'blob:']);
  // The page reads its own copy of the image; nothing else leaves the translator.
  expect(complaints.filter((text) => !text.startsWith('request: blob:'))).toEqual([]);
  await page.context().close();
});
