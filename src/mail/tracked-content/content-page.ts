import { page } from '../links/public-page.js';

export function noContentPage(): string {
  return page(
    'This link does not work',
    '<p>It is not complete, or what it led to is no longer there. Open it from the email again, or answer the email and ask for it.</p>',
  );
}

export function failedContentPage(): string {
  return page('That did not work', '<p>It could not be fetched just now. Please try again in a few minutes.</p>');
}
