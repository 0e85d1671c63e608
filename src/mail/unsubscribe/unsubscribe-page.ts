import { escape, page } from '../links/public-page.js';
import { REASONS } from './unsubscribe-form.js';

/** Asks; nothing is done before the answer, as scanners open every link. */
export function askPage(team: string, address: string | null): string {
  const choices = Object.entries(REASONS).map(
    ([value, label]) => `<label><input type="radio" name="why" value="${value}"> ${escape(label)}</label>`,
  );
  return page(
    `Unsubscribe from ${team} emails?`,
    `<p>${escape(team)} will send no more emails to ${whom(address)}.</p>
<form method="post">
<input type="hidden" name="confirm" value="yes">
<fieldset><legend>Why? <span class="soft">(if you like to say)</span></legend>
${choices.join('\n')}
<label class="words" for="words">In your own words</label>
<textarea id="words" name="words" rows="2" maxlength="400"></textarea>
</fieldset>
<button type="submit">Unsubscribe</button>
</form>`,
  );
}

export function donePage(team: string, address: string | null): string {
  return page('You are unsubscribed', `<p>${escape(team)} sends no more emails to ${whom(address)}.</p>`);
}

/** The person or the team is no longer here. */
export function gonePage(): string {
  return page('You get no more of these emails', '<p>Your address is no longer kept here. There is nothing to do.</p>');
}

export function unknownPage(): string {
  return page(
    'This link does not work',
    '<p>It is not complete, or was changed on its way. Open it from the email again, or answer the email and say that you want no more.</p>',
  );
}

export function failedPage(): string {
  return page('That did not work', '<p>It cannot be done just now. Please try again in a few minutes.</p>');
}

/** Enough for its owner to know it, whoever else the link was passed on to. */
export function masked(address: string): string {
  const [first = ''] = address;
  return `${first}•••${address.slice(address.lastIndexOf('@'))}`;
}

function whom(address: string | null): string {
  return address === null ? 'you' : `<strong>${escape(masked(address))}</strong>`;
}
