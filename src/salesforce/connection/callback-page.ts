/** What the admin's browser shows after Salesforce. Nothing on it comes from outside unescaped, and nothing runs. */
export function callbackPage(title: string, text: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escape(title)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1.5rem; color: #1c2330 }
h1 { font-size: 1.4rem }
</style>
<h1>${escape(title)}</h1>
<p>${escape(text)}</p>
<p><a href="/">Go to Command Center</a></p>
</html>
`;
}

export const CALLBACK_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  // The address holds the code and the state.
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
