import { ProductError } from '../../../platform/errors/product-error.js';
import { CUSTOM_FIELDS_MAX } from '../custom-fields.js';
import type { DetailValues } from '../person-details.js';
import type { PersonStanding } from '../person-access.js';

type Mergeable = DetailValues & PersonStanding & { email: string | null };

/**
 * Pure: what a person is after another has turned out to be them. What they have stays; what they lack they get. Names
 * stay as they are, for half of another name is none. Whoever saw one of them sees the one.
 */
export function mergedValues<T extends Mergeable>(winner: T, loser: Mergeable): T {
  const custom = { ...loser.custom, ...winner.custom };
  if (Object.keys(custom).length > CUSTOM_FIELDS_MAX) {
    throw new ProductError('conflict', `Together they have more than ${CUSTOM_FIELDS_MAX} fields: remove some first.`);
  }
  return {
    ...winner,
    email: winner.email ?? loser.email,
    title: winner.title ?? loser.title,
    company: winner.company ?? loser.company,
    phone: winner.phone ?? loser.phone,
    source: winner.source ?? loser.source,
    timeZone: winner.timeZone ?? loser.timeZone,
    custom,
    ownerId: winner.ownerId ?? loser.ownerId,
    shared: winner.shared || loser.shared,
  };
}
