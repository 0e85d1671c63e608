import type { Principal } from './access.js';
import type { User } from './user.entity.js';
import type { UserStanding } from './user-standings.js';
import type { UserStandingView, UserView } from './users.dto.js';

/** Pure: what this caller may see of a user. */
export function viewOfUser(user: User, viewer: Pick<Principal, 'role' | 'userId'>): UserView {
  const { id, name, active } = user;
  if (viewer.role !== 'admin' && viewer.userId !== id) return { id, name, active };
  const { email, role, timeZone, version, createdAt } = user;
  return { id, name, active, email, role, time_zone: timeZone, version, created_at: createdAt };
}

/** Pure: with how they come in, for admins. */
export function viewWithStanding(
  user: User,
  viewer: Pick<Principal, 'role' | 'userId'>,
  standing: UserStanding | undefined,
): UserView {
  const view = viewOfUser(user, viewer);
  return viewer.role === 'admin' && standing ? { ...view, standing: viewOfStanding(standing) } : view;
}

function viewOfStanding({ lastSeenAt, invitation, mailProblem }: UserStanding): UserStandingView {
  return {
    last_seen_at: lastSeenAt,
    invitation: invitation && { state: invitation.state, expires_at: invitation.expiresAt },
    mail_problem: mailProblem && {
      ...{ kind: mailProblem.kind, reason: mailProblem.reason },
      ...{ given_up: mailProblem.givenUp, next_try_at: mailProblem.nextTryAt },
    },
  };
}
