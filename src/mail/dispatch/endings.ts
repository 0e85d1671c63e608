import type { OutgoingEmail } from '../../command-center/emails/outgoing/outgoing-email.js';
import type { Ending } from '../../command-center/emails/outgoing/outgoing-outcomes.js';
import { retryAt, TRIES_MAX } from './retry-times.js';
import type { SendOutcome } from './send-outcome.js';

/** What a channel as a whole has: its log-in is refused; its server is busy or gone; its server refuses an address of ours. */
export type RunTrouble = 'log_in' | 'server' | 'sender' | null;

/** Pure: what the outcome of a try means for the email, and whether it is the channel's trouble. */
export function endingOf(
  { attempts }: Pick<OutgoingEmail, 'attempts'>,
  outcome: SendOutcome,
  now: Date,
  random: number,
): { ending: Ending; trouble: RunTrouble } {
  switch (outcome.kind) {
    case 'delivered': {
      const refused = outcome.refusedRecipients.map((one) => `${one.address}: ${one.response}`);
      const detail = refused.length > 0 ? `Copies were refused: ${refused.join('; ')}` : null;
      return { ending: { event: 'accept', response: outcome.response, detail }, trouble: null };
    }
    case 'bounced':
      return { ending: { event: 'bounce', response: outcome.response }, trouble: null };
    case 'doubt':
      return { ending: { event: 'doubt', response: outcome.words }, trouble: null };
    case 'failed':
    case 'later': {
      const { response, channelTrouble } = outcome;
      // A log-in that the server wants is no email's fault: it is due as before.
      if (channelTrouble === 'auth') {
        return { ending: { event: 'give_back', dueAt: now, blame: false, response }, trouble: 'log_in' };
      }
      if (outcome.kind === 'failed') {
        const refused = channelTrouble === 'sender';
        const reason = refused ? 'sender_refused' : 'refused';
        return { ending: { event: 'fail', reason, response }, trouble: refused ? 'sender' : null };
      }
      const trouble = channelTrouble === 'server' ? channelTrouble : null;
      if (attempts >= TRIES_MAX) return { ending: { event: 'fail', reason: 'too_many_tries', response }, trouble };
      return { ending: { event: 'give_back', dueAt: retryAt(attempts, now, random), blame: true, response }, trouble };
    }
  }
}
