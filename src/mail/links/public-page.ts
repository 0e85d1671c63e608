import { createHash } from 'node:crypto';

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2330; --soft: #566072; --paper: #fff; --ground: #f3f5f8; --line: #8a94a6; --act: #1f5fd0; --on-act: #fff }
@media (prefers-color-scheme: dark) { :root { --ink: #eef1f6; --soft: #b3bccb; --paper: #1d222b; --ground: #12161d; --line: #7c8799; --act: #8ab4ff; --on-act: #10203d } }
* { box-sizing: border-box }
body { margin: 0; padding: 10vh 1rem 3rem; background: var(--ground); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif }
main { max-width: 30rem; margin: 0 auto; padding: 2rem; background: var(--paper); border-radius: .75rem; box-shadow: 0 1px 3px #0003; overflow-wrap: anywhere }
h1 { margin: 0 0 .75rem; font-size: 1.4rem; line-height: 1.3 }
p { margin: 0 0 1rem } .soft { color: var(--soft) } p:last-child { margin-bottom: 0 }
fieldset { margin: 1.25rem 0; padding: 0; border: 0 } legend, .words { padding: 0; font-weight: 600 }
label { display: flex; gap: .6rem; align-items: center; min-height: 2.25rem } .words { display: block; margin-top: .5rem }
input { width: 1.1rem; height: 1.1rem; accent-color: var(--act) }
textarea { width: 100%; margin-top: .35rem; padding: .5rem; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .4rem }
button { width: 100%; padding: .75rem; font: inherit; font-weight: 600; color: var(--on-act); background: var(--act); border: 0; border-radius: .5rem; cursor: pointer }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px }
`;

export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': [
    ...["default-src 'none'", `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`],
    ...["form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"],
  ].join('; '),
  // Whoever has the address may do what it stands for.
  'Referrer-Policy': 'no-referrer',
  'X-Robots-Tag': 'noindex',
  'Cache-Control': 'no-store',
};

/** Pure: a page for somebody who got an email, without a script. `content`: HTML, safe. */
export function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${STYLE}</style>
<main>
<h1>${escape(title)}</h1>
${content}
</main>
</html>
`;
}

export function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
