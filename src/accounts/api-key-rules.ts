import { ProductError } from '../platform/errors/product-error.js';
import type { Principal, Scope } from './access.js';
import type { KeyOwner, NewApiKey } from './api-keys.service.js';

/** Pure: which keys a caller sees and revokes. */
export function keysOf(principal: Principal): KeyOwner {
  if (principal.role === 'admin') return 'anybody';
  if (principal.userId !== null) return { userId: principal.userId };
  throw new ProductError('forbidden');
}

/** Pure: the key that a caller may have made, or the refusal. Nobody makes a key that can do more than they can. */
export function allowedKey(
  principal: Principal,
  asked: { name: string; user_id?: string; scopes?: readonly Scope[] },
): NewApiKey {
  const { name, scopes } = asked;
  if (scopes && asked.user_id) {
    const message = 'must be left out beside user_id: a key of a user has that user’s rights';
    throw new ProductError('invalid_input', 'Send user_id or scopes, not both.', [{ field: 'scopes', message }]);
  }
  if (scopes) {
    if (principal.role !== 'admin') throw new ProductError('forbidden', 'Only admins make keys of the team.');
    const beyond = scopes.filter((scope) => !principal.scopes.includes(scope));
    if (beyond.length === 0) return { name, userId: null, scopes };
    throw new ProductError('forbidden', `This API key cannot give what it lacks itself: ${beyond.join(', ')}.`);
  }
  if (principal.userId === null) {
    throw new ProductError('forbidden', 'A key of the team makes only keys of the team: send scopes.');
  }
  const userId = asked.user_id ?? principal.userId;
  if (userId !== principal.userId && principal.role !== 'admin') {
    throw new ProductError('forbidden', 'Only admins make keys for others.');
  }
  return { name, userId, scopes: [] };
}
