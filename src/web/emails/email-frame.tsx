import { useMemo } from 'react';
import { stillHtml } from './still-html';

/** An email as its reader sees it, in a frame of its own in which nothing runs. Letters are on white paper, also at night. */
export function EmailFrame({ html, title }: { html: string; title: string }) {
  const still = useMemo(() => stillHtml(html), [html]);
  return <iframe className="email-frame" sandbox="" srcDoc={still} title={title} />;
}
