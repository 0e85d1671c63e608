/**
 * What is shown of an email: links say where they lead and lead nowhere, pictures from elsewhere are their words, for
 * loading them would tell their server that somebody looks. It was made safe by the server before.
 */
export function stillHtml(html: string): string {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  for (const link of body.querySelectorAll('a[href]')) {
    link.setAttribute('title', link.getAttribute('href') ?? '');
    link.removeAttribute('href');
    link.setAttribute('style', `color: #3d4bc4; text-decoration: underline; ${link.getAttribute('style') ?? ''}`);
  }
  for (const image of body.querySelectorAll('img')) image.replaceWith(`[${image.alt || 'picture'}]`);
  return `<!doctype html><html lang="en"><title>Email</title><body style="${STYLE}">${body.innerHTML}</body></html>`;
}

const STYLE = 'margin: 14px; font: 14px/1.5 sans-serif; color: #1b1f2a; background: #ffffff; overflow-wrap: anywhere';
