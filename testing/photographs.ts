import type { Browser, Page } from 'puppeteer-core';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Wide and narrow, in CSS pixels. */
export const SCREENS = { desk: 1280, phone: 390 } as const;

export const SCHEMES = ['light', 'dark'] as const;

/**
 * Opens a page on each screen in each scheme.
 *
 * @param look is called while it is open
 */
export async function onEachScreen<Result>(
  browser: Browser,
  path: string,
  look: (page: Page, name: string) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const scheme of SCHEMES) {
    for (const [screen, width] of Object.entries(SCREENS)) {
      const page = await browser.newPage();
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await page.setViewport({ width, height: 900 });
      await page.goto(pathToFileURL(path).href);
      results.push(await look(page, `${screen}-${scheme}`));
      await page.close();
    }
  }
  return results;
}

/** @returns the pictures' paths, in the folder, which is made */
export async function photograph(
  browser: Browser,
  path: string,
  folder: string,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  return onEachScreen(browser, path, async (page, name) => {
    const picture = join(folder, `${name}.png`);
    await page.screenshot({ path: picture, fullPage: true });
    return picture;
  });
}
