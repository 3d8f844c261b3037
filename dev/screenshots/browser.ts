import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import type { DebianProgram } from '../tools/catalogue.ts';
import { installMissingPrograms } from '../tools/debian.ts';
import { compressor } from './picture.ts';

/** Only pictures need them, neither the platform nor the tests. */
const chromiumProgram: DebianProgram = { program: '/usr/bin/chromium', package: 'chromium' };

/** Size of the window in pixels: as wide as a laptop's, so that pictures can be read in a page, and high enough for all. */
export const viewport = { width: 1360, height: 1700 };

/** Starts Debian's Chromium, and installs first what is missing for pictures. */
export async function openBrowser(print: (line: string) => void): Promise<Browser> {
  await installMissingPrograms(print, [chromiumProgram, compressor]);
  // As root Chromium has no sandbox; it visits nothing but the platform's own pages.
  return chromium.launch({
    executablePath: chromiumProgram.program,
    chromiumSandbox: process.getuid?.() !== 0,
  });
}

/** A window that looks the same on every machine, and reaches nothing but `origin`. */
export async function openWindow(browser: Browser, origin: string): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport,
    locale: 'en-US',
    timezoneId: 'UTC',
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  await context.route(
    (url) => url.origin !== new URL(origin).origin,
    (route) => route.abort(),
  );
  return context;
}
