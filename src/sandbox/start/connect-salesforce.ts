import type { JsonClient } from './http-json.js';
import { StartRefused } from './start-refused.js';

/**
 * Connects Salesforce as an admin does in the browser: asks for the address to log in at, opens that page, chooses the
 * integration user, presses *Allow*, and follows Salesforce's redirect back to us.
 */
export async function connectSalesforce(admin: JsonClient, orgUrl: string, integrationUserId: string): Promise<void> {
  const { authorize_url: authorizeUrl } = await admin.send<{ authorize_url: string }>(
    'POST',
    '/v1/salesforce/connection',
    {
      login_url: orgUrl,
    },
  );
  const page = await fetch(authorizeUrl);
  const html = await page.text();
  if (!page.ok) throw new StartRefused(`Salesforce's log-in page answered ${page.status}: ${textOf(html)}`);

  const form = new URLSearchParams(hiddenFields(html));
  form.set('user', integrationUserId);
  form.set('decision', 'allow');
  const action = new URL(/<form[^>]*\baction="([^"]+)"/.exec(html)?.[1] ?? '', authorizeUrl);
  const decided = await fetch(action, { method: 'POST', body: form, redirect: 'manual' });
  const back = decided.headers.get('location');
  if (!back)
    throw new StartRefused(`Salesforce did not allow access (${decided.status}): ${textOf(await decided.text())}`);

  // What a browser would have from the first answer: that it is the one that began.
  const cookie = `cc_connect=${new URL(authorizeUrl).searchParams.get('state') ?? ''}`;
  const callback = await fetch(back, { redirect: 'manual', headers: { cookie } });
  if (callback.status < 400) return;
  throw new StartRefused(`Salesforce could not be connected (${callback.status}): ${textOf(await callback.text())}`);
}

export function hiddenFields(html: string): [string, string][] {
  return [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
    ([, name = '', value = '']) => [unescape(name), unescape(value)],
  );
}

const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

function unescape(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}

function textOf(html: string): string {
  return html
    .replace(/<style[\s\S]*?<\/style>|<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}
