import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Translator, startTranslator } from '../../dist/src/translator.js';
import { openBrowser, openPage } from './open-browser.js';
import { HOSTILE, supportTrail } from './sample-trails.js';

const SCREENSHOTS = join(import.meta.dirname, 'screenshots');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SIZES = [
  { width: 1_280, height: 800, colorScheme: 'light' },
  { width: 1_280, height: 800, colorScheme: 'dark' },
  { width: 400, height: 800, colorScheme: 'light' },
] as const;

let folder: string;
let translator: Translator;
let empty: Translator;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), 'spoor-browser-'));
  translator = await startTranslator({ port: 0, dataDir: join(folder, 'full') });
  empty = await startTranslator({ port: 0, dataDir: join(folder, 'empty') });
  await send(supportTrail('run-plain', ''));
  await send(supportTrail('run-hostile', HOSTILE));
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await translator?.close();
  await empty?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function send(trail: object): Promise<void> {
  const response = await fetch(`${translator.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(trail),
  });
  expect({ status: response.status, body: await response.json() }).toEqual({ status: 200, body: {} });
}

/** What a reader with a screen reader, or with weak eyes, would stumble over. */
async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations, passes } = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  expect(passes.length).toBeGreaterThan(10);
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

async function expectSound(page: Page, complaints: readonly string[]): Promise<void> {
  expect(complaints).toEqual([]);
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  expect(await page.locator('main :is(img, script, svg, iframe, object, embed)').count()).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  expect(await accessibilityFaults(page)).toEqual([]);
}

describe.each(SIZES)('at $width px, $colorScheme', ({ width, height, colorScheme }) => {
  const name = (view: string): string => join(SCREENSHOTS, `${view}-${width}-${colorScheme}.png`);
  const options = { viewport: { width, height }, colorScheme };

  it('lists the sessions and runs nothing that a trace carries', async () => {
    const { page, complaints } = await openPage(browser, translator.url, options);
    await page.goto(translator.url);
    await page.getByText('live', { exact: true }).waitFor();
    await page.screenshot({ path: name('sessions'), fullPage: true });
    expect(await page.getByRole('row').filter({ hasText: 'support-agent' }).count()).toBe(2);
    expect(await page.getByText(`support-agent ${HOSTILE}`, { exact: true }).count()).toBe(1);
    await expectSound(page, complaints);
    await page.context().close();
  });

  it.each(['run-plain', 'run-hostile'])('shows the session %s, a step and an observation', async (id) => {
    const { page, complaints } = await openPage(browser, translator.url, options);
    await page.goto(`${translator.url}/sessions/${id}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByRole('heading', { name: 'Transcript' }).waitFor();
    await page.screenshot({ path: name(id), fullPage: true });
    expect(await page.locator('.trail-row').count()).toBe(6);
    expect(await page.locator('.transcript .message').count()).toBe(5);
    await expectSound(page, complaints);

    await page.locator('.trail .step a').first().click();
    await page.getByText('Nothing is known.').waitFor();
    await page.screenshot({ path: name(`${id}-step`), fullPage: true });
    await expectSound(page, complaints);

    await page.getByRole('link', { name: '← Transcript' }).click();
    await page.locator('.trail .observation a', { hasText: 'tool' }).last().click();
    await page.locator('.details').getByText('TimeoutError').waitFor();
    await page.screenshot({ path: name(`${id}-tool`), fullPage: true });
    await expectSound(page, complaints);

    await page.keyboard.press('Escape');
    await page.locator('.trail .observation a', { hasText: 'chat' }).first().click();
    await page.locator('.details').getByText('Tokens', { exact: true }).waitFor();
    await page.screenshot({ path: name(`${id}-call`), fullPage: true });
    await expectSound(page, complaints);
    await page.context().close();
  });

  it('says how to make a first trace when there is none', async () => {
    const { page, complaints } = await openPage(browser, empty.url, options);
    await page.goto(empty.url);
    await page.getByText('node --import spoor/register agent.js').waitFor();
    await page.screenshot({ path: name('empty'), fullPage: true });
    await expectSound(page, complaints);
    await page.context().close();
  });
});

describe('the policy of the page', () => {
  it('is in force: what it forbids is reported as a complaint', async () => {
    const { page, complaints } = await openPage(browser, translator.url, {});
    const response = await page.goto(translator.url);
    const policy = response?.headers()['content-security-policy'] ?? '';
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "require-trusted-types-for 'script'",
      ]),
    );
    await page.evaluate(() => {
      const image = document.createElement('img');
      image.src = 'http://127.0.0.1:9/x.png';
      document.body.append(image);
      try {
        document.body.innerHTML = '<b>markup</b>';
      } catch {
        // The refusal is reported to the page's listener as well.
      }
    });
    await expect
      .poll(() => complaints.filter((text) => text.startsWith('policy: ')).map((text) => text.split(' ')[1]))
      .toEqual(expect.arrayContaining(['img-src', 'require-trusted-types-for']));
    expect(await page.locator('b').count()).toBe(0);
    await page.context().close();
  });
});

describe('in use', () => {
  it('shows a session that arrives while the page is open', async () => {
    const { page, complaints } = await openPage(browser, translator.url, {});
    await page.goto(translator.url);
    await page.getByText('live', { exact: true }).waitFor();
    await send(supportTrail('run-late', 'late'));
    await page.getByRole('link', { name: 'support-agent late' }).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('is worked by keyboard alone, and the filters survive the way in and out', async () => {
    const { page } = await openPage(browser, translator.url, {});
    await page.goto(translator.url);
    await page.getByRole('row').nth(2).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('Utrecht');
    await page.waitForURL('**/?q=Utrecht');
    await page.locator('.sessions a').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/sessions/*?q=Utrecht');
    await page.locator('.trail-row').first().focus();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('.details .details-head h2').waitFor();
    expect(await page.locator('.trail-row[aria-current]').count()).toBe(1);
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Transcript' }).waitFor();
    await page.getByRole('link', { name: '← Sessions' }).click();
    await page.waitForURL('**/?q=Utrecht');
    expect(await page.getByRole('searchbox').inputValue()).toBe('Utrecht');
    await page.context().close();
  });

  it('says so when a session is gone, and when nothing matches', async () => {
    const { page } = await openPage(browser, translator.url, {});
    await page.goto(`${translator.url}/sessions/no-such-run`);
    await page.getByRole('heading', { name: 'This session is gone' }).waitFor();
    await page.goto(`${translator.url}/?q=zebra`);
    await page.getByRole('heading', { name: 'No session matches' }).waitFor();
    await page.getByRole('link', { name: 'Show all sessions' }).click();
    await page.getByRole('row').nth(2).waitFor();
    await page.context().close();
  });

  it('keeps what it shows and says so when the translator is gone', async () => {
    const passing = await startTranslator({ port: 0, dataDir: join(folder, 'passing') });
    const { page } = await openPage(browser, passing.url, {});
    await page.goto(passing.url);
    await page.getByText('live', { exact: true }).waitFor();
    await passing.close();
    await page.getByText('not connected').waitFor();
    await page.getByRole('searchbox').fill('anything');
    await page.getByRole('alert').getByText('The translator does not answer').waitFor();
    await page.context().close();
  });
});
