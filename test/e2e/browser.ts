import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { describe } from '@jest/globals';

const executablePath = process.env.TEST_CHROMIUM ?? '';

/** `describe` where there is a Chromium; elsewhere the tests are skipped, with a line that says so. */
export const describeInBrowser = executablePath === '' ? skipped() : describe;

function skipped(): typeof describe.skip {
  console.warn('Skipped: there is no Chromium on this machine (Debian: apt-get install chromium).');
  return describe.skip;
}

export async function launchBrowser(): Promise<Browser> {
  const args = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  // Chromium refuses to run its sandbox as root, which is who CI is.
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  return chromium.launch({ executablePath, args: [...args, '--disable-component-update', '--disable-sync'] });
}

/** A page, and what went wrong in it that nobody sees: errors in the console, which a broken content policy is too. */
export interface WatchedPage {
  page: Page;
  context: BrowserContext;
  complaints: string[];
}

export async function openPage(
  browser: Browser,
  options: { baseURL: string; width?: number; dark?: boolean; timezoneId?: string },
): Promise<WatchedPage> {
  const { baseURL, width = 1280, dark = false, timezoneId = 'UTC' } = options;
  const context = await browser.newContext({
    baseURL,
    timezoneId,
    locale: 'en-GB',
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    viewport: { width, height: width < 600 ? 844 : 800 },
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // Chromium writes each refused request down by itself; whether one was expected is for the test to say.
    const isRefusal = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isRefusal) complaints.push(message.text());
  });
  page.setDefaultTimeout(15_000);
  return { page, context, complaints };
}
