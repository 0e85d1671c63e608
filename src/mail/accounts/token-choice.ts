import type { GrantTokens } from '../../command-center/senders/channel-grants.repository.js';

// A log-in that begins now must still be good when it is read.
const MARGIN_MS = 60_000;
/** A token that was just given and is refused all the same is not the token's fault. */
const NEW_MS = 30_000;

/** Pure: whether the stored access token does. `renew`: the server has refused the one that there is. */
export function isUsable({ gotAt, expiresAt }: GrantTokens, renew: boolean, now: Date): boolean {
  const isGood = expiresAt.getTime() - MARGIN_MS > now.getTime();
  const isNew = gotAt.getTime() + NEW_MS > now.getTime();
  return isGood && (!renew || isNew);
}

/** Pure: whether nobody has written since `before` was read. */
export function isSame(before: GrantTokens, stored: GrantTokens): boolean {
  return before.refreshToken === stored.refreshToken && before.accessToken === stored.accessToken;
}

/**
 * Pure: what to keep of the answer to a refresh with `before` and what is stored when it comes. By the refresh token:
 *
 *   - stored is another one: the mailbox was connected again, or another process has a successor. The stored one is
 *     kept, since nobody can tell which of the two it is, and it is good in both cases: a provider that answers an old
 *     refresh token after its successor was given lets both live (Microsoft); any other would have refused it.
 *   - stored is the one that was used, and the answer has a successor: the answer, whoever else got an access token
 *     meanwhile. The stored refresh token may be worth nothing from now on.
 *   - there is no successor (Google): whichever access token was written first. Both are good.
 */
export function keptOf(before: GrantTokens, stored: GrantTokens, answer: GrantTokens): GrantTokens {
  if (stored.refreshToken !== before.refreshToken) return stored;
  if (answer.refreshToken !== before.refreshToken) return answer;
  return isSame(before, stored) ? answer : stored;
}
