import chromiumBinary from '@sparticuz/chromium';
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';

/** A headless Chromium from the package registry: nothing is downloaded when it starts. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await chromiumBinary.executablePath(), args: ['--no-sandbox'] });
}

/** A page, and everything that went wrong in it. */
export interface WatchedPage {
  page: Page;
  /** Errors of scripts and on the console, violations of the policy, dialogs, and requests that left the translator. */
  complaints: string[];
}

export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions,
): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`page: ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) complaints.push(`request: ${request.url()}`);
  });
  await page.exposeFunction('reportViolation', (text: string) => complaints.push(`policy: ${text}`));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      const { reportViolation } = window as unknown as { reportViolation(text: string): Promise<void> };
      void reportViolation(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return { page, complaints };
}
