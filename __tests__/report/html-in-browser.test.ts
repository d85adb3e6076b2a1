/** @tier middle */
import { afterAll, beforeAll, expect } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'puppeteer-core';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import type { Report } from '../../src/model/report.js';
import { renderHtmlReport } from '../../src/report/html/page.js';
import { findChromium, openChromium } from '../../testing/chromium.js';
import { onEachScreen, photograph } from '../../testing/photographs.js';
import { skipUnless } from '../../testing/skip-unless.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { required } from '../../testing/toolchain.js';
import { hostileText } from '../untrusted/hostile-text.js';
import { HOSTILE, hostileReport } from './hostile-report.js';
import { REPORTS } from './summary-reports.js';

const chromium = await findChromium();
const given = skipUnless(chromium);

given.describe('the HTML report in Chromium', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder('html-report');
    browser = await openChromium(required(chromium));
  });
  afterAll(async () => {
    await browser.close();
    await removeFolder(folder);
  });

  async function written(report: Report, name = 'report'): Promise<string> {
    const path = join(folder, `${name}.html`);
    await writeFile(
      path,
      renderHtmlReport(report, {
        showWorkflowIds: 'true',
        blobUrl: 'https://github.com/acme/orders/blob/5a6b7c8d/',
        uiUrl: 'https://temporal.example.com',
      }),
    );
    return path;
  }

  /** What a page asks the network for, and what it complains of. */
  function watched(page: Page): string[] {
    const seen: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) seen.push(request.url());
    });
    page.on('console', (message) => seen.push(message.text()));
    page.on('pageerror', (error) => seen.push(String(error)));
    page.on('dialog', (dialog) => {
      seen.push(dialog.message());
      void dialog.dismiss();
    });
    return seen;
  }

  given.test.each([
    'one-cause-in-two-groups',
    'compatible',
    'inconclusive-errored',
    'hostile-names',
  ] as const)(
    'has no fault that axe finds, fits on each screen, and asks nobody for anything: %s',
    async (name) => {
      const axe = await readFile(
        createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
        'utf8',
      );
      const found = await onEachScreen(
        browser,
        await written(name === 'hostile-names' ? hostileReport() : REPORTS[name]),
        async (page, screen) => {
          const seen = watched(page);
          await page.reload();
          // What is folded is read too.
          await page.evaluate(
            "document.querySelectorAll('details').forEach((one) => (one.open = true))",
          );
          const isTooWide = await page.evaluate(
            'document.documentElement.scrollWidth > window.innerWidth',
          );
          await page.evaluate(axe);
          const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
          return {
            screen,
            seen,
            isTooWide,
            violations: violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
          };
        },
      );
      expect(found).toEqual(
        found.map(({ screen }) => ({ screen, seen: [], isTooWide: false, violations: [] })),
      );
    },
    60_000,
  );

  given.test('filters the executions, by keyboard alone', async () => {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(await written(REPORTS['incompatible'])).href);
    const shown = (): Promise<string> =>
      page.evaluate("document.querySelector('#filter-count').textContent") as Promise<string>;
    expect(await shown()).toBe('10 of 10 shown');
    await page.focus('#filter-text');
    await page.keyboard.type('refund');
    expect(await shown()).toBe('5 of 10 shown');
    await page.keyboard.press('Tab');
    await page.keyboard.type('task');
    expect(await shown()).toBe('1 of 10 shown');
    const rows = (await page.evaluate(
      "[...document.querySelectorAll('#all-executions tbody tr')].filter((row) => row.checkVisibility()).map((row) => row.textContent)",
    )) as string[];
    expect(rows).toHaveLength(1);
    expect(rows[0]).toContain('refundWorkflow');
    await page.close();
  });

  given.test('has everything but the filter without JavaScript', async () => {
    const page = await browser.newPage();
    await page.setJavaScriptEnabled(false);
    await page.goto(pathToFileURL(await written(REPORTS['incompatible'])).href);
    const visible = (selector: string): Promise<unknown> =>
      page.evaluate(
        `[...document.querySelectorAll('${selector}')].map((one) => one.checkVisibility())`,
      );
    expect(await visible('#filter')).toEqual([false]);
    expect(await visible('#all-executions tbody tr')).toEqual(
      Array.from({ length: 10 }, () => true),
    );
    await page.close();
  });

  given.test('runs and loads nothing that a name holds', async () => {
    const page = await browser.newPage();
    const seen = watched(page);
    const names = [HOSTILE, ...fc.sample(hostileText, { numRuns: 20, seed: 19 })];
    for (const [index, name] of names.entries()) {
      await page.goto(pathToFileURL(await written(hostileReport(name), `hostile-${index}`)).href);
    }
    expect(seen).toEqual([]);
    await page.close();
  });

  given.test('is photographed on a desk and on a phone, light and dark', async () => {
    const path = await written(REPORTS['one-cause-in-two-groups']);
    const pictures = await photograph(browser, path, folder);
    const sizes = await Promise.all(pictures.map(async (one) => (await readFile(one)).length));
    expect(sizes).toHaveLength(4);
    // A picture of an empty page is smaller.
    expect(Math.min(...sizes)).toBeGreaterThan(50_000);
  });
});
