import { markup } from './html.js';
import { layout } from './layout.js';

/** What the API would answer with an error, as a page with a way on. */
export function refusalPage(message: string): string {
  const content = markup`<section class="card narrow"><h1>That did not work</h1><p>${message}.</p>
    <a class="button" href="/">To the tasks</a></section>`;
  return layout('Error', content);
}
