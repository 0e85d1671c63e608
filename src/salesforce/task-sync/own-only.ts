import { type Principal, requireUser } from '../../accounts/access.js';

/** Admins see the team's, members those of their own tasks: the assignee to look for, or undefined for all. */
export function ownOnly(principal: Principal): string | undefined {
  return principal.role === 'admin' ? undefined : requireUser(principal);
}
