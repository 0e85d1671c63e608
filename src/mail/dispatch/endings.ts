import type { OutgoingEmail } from '../../command-center/emails/outgoing/outgoing-email.js';
import type { Ending } from '../../command-center/emails/outgoing/outgoing-outcomes.js';
import { retryAt, TRIES_MAX } from './retry-times.js';
import type { ChannelTrouble, SendOutcome } from './send-outcome.js';

/** Pure: what the outcome of a try means for the email, and whether it is the channel's trouble. */
export function endingOf(
  { attempts }: Pick<OutgoingEmail, 'attempts'>,
  outcome: SendOutcome,
  now: Date,
  random: number,
): { ending: Ending; trouble: ChannelTrouble } {
  const { response } = outcome;
  switch (outcome.kind) {
    case 'delivered': {
      const detail = outcome.refused.length > 0 ? `Copies were refused: ${outcome.refused.join('; ')}` : null;
      return { ending: { event: 'accept', response, detail }, trouble: null };
    }
    case 'bounced':
      return { ending: { event: 'bounce', response }, trouble: null };
    case 'failed':
      return { ending: { event: 'fail', reason: 'refused', response }, trouble: null };
    case 'doubt':
      return { ending: { event: 'doubt', response }, trouble: null };
    case 'later': {
      const { trouble } = outcome;
      // A refused log-in is no email's fault: it is due as before.
      if (trouble === 'log_in') return { ending: { event: 'give_back', dueAt: now, blame: false, response }, trouble };
      if (attempts >= TRIES_MAX) return { ending: { event: 'fail', reason: 'too_many_tries', response }, trouble };
      return { ending: { event: 'give_back', dueAt: retryAt(attempts, now, random), blame: true, response }, trouble };
    }
  }
}
