import { type Principal, requireUser } from '../../accounts/access.js';
import type { Reader } from '../../platform/database/transactions.js';
import { ProductError } from '../../platform/errors/product-error.js';

/** Who the caller is in Salesforce, as an admin has matched them. */
export async function ownSalesforceUser(reader: Reader, principal: Principal): Promise<string> {
  const [match] = await reader.query<{ id: string }>(
    'SELECT salesforce_user_id AS id FROM salesforce_user_matches WHERE team_id = $1 AND user_id = $2',
    [principal.teamId, requireUser(principal)],
  );
  if (match) return match.id;
  const words = 'It is not known who you are in Salesforce: an admin matches users under Settings, Salesforce.';
  throw new ProductError('conflict', words);
}
