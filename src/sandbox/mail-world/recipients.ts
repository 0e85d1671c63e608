/** A reply that says no: the code, and the words with the enhanced code (RFC 3463). */
export interface No {
  code: number;
  text: string;
}

/** What a mailbox does with mail. Whatever is not `at` RCPT is decided once the whole message is there. */
export type Behaviour = { does: 'take' } | { does: 'take late' } | { does: 'refuse'; at: 'rcpt' | 'data'; no: No };

interface Rule {
  words: readonly string[];
  /** For whoever reads the mailbox's page. */
  says: string;
  /** `earlier`: how often this sender tried this recipient in the last day. */
  decide: (earlier: number) => Behaviour;
}

const TAKE: Behaviour = { does: 'take' };
const refuse = (at: 'rcpt' | 'data', code: number, text: string): Behaviour => ({
  does: 'refuse',
  at,
  no: { code, text },
});

/** Simulated recipients: a word in the part before the @ decides. Every other address takes what it is sent. */
export const RULES: readonly Rule[] = [
  {
    words: ['bounce', 'nobody'],
    says: 'There is no such mailbox: 550 5.1.1 at RCPT.',
    decide: () => refuse('rcpt', 550, '5.1.1 There is no such mailbox'),
  },
  {
    words: ['full'],
    says: 'Is full: 452 4.2.2 at the first attempt of a sender, 552 5.2.2 from the second within a day on.',
    decide: (earlier) =>
      earlier === 0
        ? refuse('rcpt', 452, '4.2.2 The mailbox is full, try again later')
        : refuse('rcpt', 552, '5.2.2 The mailbox is full'),
  },
  {
    words: ['greylist'],
    says: 'Sends a sender away once: 451 4.7.1 at the first attempt, and takes the mail from the second within a day on.',
    decide: (earlier) => (earlier === 0 ? refuse('rcpt', 451, '4.7.1 Greylisted, try again later') : TAKE),
  },
  {
    words: ['policy'],
    says: 'Reads the message and wants none of it: 550 5.7.1 after DATA.',
    decide: () => refuse('data', 550, '5.7.1 Refused by the policy of the recipient'),
  },
  {
    words: ['slow'],
    says: 'Keeps the message at once and says so only after a while (slowMs).',
    decide: () => ({ does: 'take late' }),
  },
];

/** The rule of an address, if it has one: `bob.full@…`, `full+7@…`, `full12@…`, but not `fuller@…`. */
export function ruleOf(address: string): Rule | undefined {
  const local = address.slice(0, Math.max(0, address.lastIndexOf('@'))).toLowerCase();
  const parts = local.split(/[^a-z]+/);
  return RULES.find(({ words }) => words.some((word) => parts.includes(word)));
}

/** What this address does with mail of a sender who tried it `earlier` times within the last day. */
export const behaviourOf = (address: string, earlier: number): Behaviour => ruleOf(address)?.decide(earlier) ?? TAKE;
