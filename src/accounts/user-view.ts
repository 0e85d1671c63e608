import type { Principal } from './access.js';
import type { User } from './user.entity.js';
import type { UserView } from './users.dto.js';

/** Pure: what this caller may see of a user. */
export function viewOfUser(user: User, viewer: Pick<Principal, 'role' | 'userId'>): UserView {
  const { id, name, active } = user;
  if (viewer.role !== 'admin' && viewer.userId !== id) return { id, name, active };
  const { email, role, timeZone, version, createdAt } = user;
  return { id, name, active, email, role, time_zone: timeZone, version, created_at: createdAt };
}
