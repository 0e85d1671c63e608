import type { Mail } from '../../platform/mail/mailer.js';
import type { MailKind } from './account-mail.entity.js';

export interface MailFacts {
  kind: MailKind;
  to: { name: string; address: string };
  team: string;
  link: string;
}

const HOUR_MS = 3_600_000;

/** How long the link of a mail works. */
export const LINK_VALID_MS: Readonly<Record<MailKind, number>> = {
  invitation: 7 * 24 * HOUR_MS,
  password_reset: HOUR_MS,
};

const PAGES: Readonly<Record<MailKind, string>> = {
  invitation: 'accept-invitation',
  password_reset: 'reset-password',
};

/** Pure: the secret goes after the #, so that no server and no proxy on the way writes it into a log. */
export function linkOf(publicUrl: string, kind: MailKind, token: string): string {
  return `${publicUrl}/${PAGES[kind]}#${token}`;
}

/** Pure: what the person reads. */
export function accountMail({ kind, to, team, link }: MailFacts): Mail {
  const greeting = `Hello ${oneLine(to.name)},`;
  const { subject, why, button, ending } = wordsOf(kind, oneLine(team));
  const text = [greeting, why, link, ending].join('\n\n');
  const html = `<!doctype html>
<html lang="en"><body style="font-family: system-ui, sans-serif; line-height: 1.5">
<p>${escaped(greeting)}</p>
<p>${escaped(why)}</p>
<p><a href="${escaped(link)}">${escaped(button)}</a></p>
<p>${escaped(ending)}</p>
</body></html>`;
  return { to: { name: oneLine(to.name), address: to.address }, subject, text: `${text}\n`, html };
}

function wordsOf(kind: MailKind, team: string) {
  if (kind === 'invitation') {
    return {
      subject: `Join ${team} in Command Center`,
      why: `your team ${team} invites you to Command Center. Choose a password to begin:`,
      button: 'Choose a password',
      ending: 'The link works for 7 days, once. If you did not expect this, do nothing.',
    };
  }
  return {
    subject: 'A new password for Command Center',
    why: `somebody asked for a new password of yours in ${team}. If it was you, choose it here:`,
    button: 'Choose a new password',
    ending: 'The link works for one hour, once. If it was not you, do nothing: your password stays as it is.',
  };
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
