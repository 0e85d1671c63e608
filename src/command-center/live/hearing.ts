import type { Principal, Scope } from '../../accounts/access.js';
import type { LiveEvent, LiveMessage } from './live-event.js';

const SCOPE_OF: Record<LiveMessage['name'], Scope> = {
  task: 'tasks:read',
  sync: 'salesforce:read',
  email: 'emails:read',
};

type Listener = Pick<Principal, 'teamId' | 'userId' | 'role' | 'scopes'>;

/** Whether any event at all could reach this caller. */
export function hearsAnything({ scopes }: Pick<Listener, 'scopes'>): boolean {
  return Object.values(SCOPE_OF).some((scope) => scopes.includes(scope));
}

/** Pure: admins hear all of their team, members what names them or all, keys of the team what their scopes allow. */
export function mayHear(listener: Listener, event: Pick<LiveEvent, 'teamId' | 'name' | 'audience'>): boolean {
  if (event.teamId !== listener.teamId || !listener.scopes.includes(SCOPE_OF[event.name])) return false;
  if (listener.role === 'admin' || event.audience === null) return true;
  return listener.userId !== null && event.audience.includes(listener.userId);
}
