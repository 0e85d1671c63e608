// Writes a picture of each page, as wide as a laptop and as a phone, from a fresh sandbox: npm run screenshots [-- FOLDER]
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import { installChromium } from '../test/support/chromium.mjs';

const PAGES = {
  rep: [
    '/tasks',
    '/tasks?view=overdue',
    '/settings',
    '/settings/sync',
    '/settings/email',
    '/emails',
    '/emails/compose',
    '/people',
    '/people/import',
    '/templates',
    '/templates/new',
  ],
  admin: [
    ...['/tasks?assignee=any', '/salesforce', '/salesforce/reps', '/salesforce/mapping', '/salesforce/problems'],
    ...['/salesforce/conflicts', '/salesforce/usage', '/settings/users', '/settings/keys', '/settings/audit'],
  ],
};
const WIDTHS = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

const executablePath = installChromium();
if (!executablePath) throw new Error('There is no Chromium on this machine (Debian: apt-get install chromium).');
const out = resolve(process.argv[2] ?? 'screenshots');
mkdirSync(out, { recursive: true });
const data = mkdtempSync(join(tmpdir(), 'command-center-pictures-'));
const start = join(import.meta.dirname, '..', 'dist', 'start.js');
const sandbox = spawn(process.execPath, [start, '--data-dir', data, '--tasks', '2000'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const links = await signInLinks(sandbox.stdout);
  const args = process.getuid?.() === 0 ? ['--no-sandbox', '--disable-gpu'] : ['--disable-gpu'];
  const browser = await chromium.launch({ executablePath, args: [...args, '--disable-background-networking'] });
  for (const [who, paths] of Object.entries(PAGES)) {
    for (const [name, viewport] of Object.entries(WIDTHS))
      await picture(browser, links[who], paths, `${who}-${name}`, viewport);
  }
  await browser.close();
  console.log(`The pictures are in ${out}.`);
} finally {
  sandbox.kill('SIGTERM');
  await new Promise((done) => sandbox.once('exit', done));
  rmSync(data, { recursive: true, force: true });
}

/** As the terminal shows them once everything runs. */
async function signInLinks(output) {
  const links = {};
  for await (const line of createInterface({ input: output })) {
    const [, who, link] = /As (the admin|.+):\s+(http\S+#[\w-]+)/.exec(line) ?? [];
    if (link) links[who === 'the admin' ? 'admin' : 'rep'] = link;
    if (links.admin && links.rep) return links;
  }
  throw new Error('The sandbox did not start.');
}

async function picture(browser, link, paths, name, viewport) {
  const context = await browser.newContext({ viewport, reducedMotion: 'reduce', locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(link);
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  for (const path of paths) {
    await page.goto(new URL(path, link).href);
    await page.locator('h1').first().waitFor();
    await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
    const file = `${name}-${path.slice(1).replace(/\W+/g, '-')}.png`;
    await page.screenshot({ path: join(out, file) });
  }
  await context.close();
}
