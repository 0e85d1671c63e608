import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiCookieAuth, ApiExtension } from '@nestjs/swagger';
import type { Request } from 'express';
import { ProductError } from '../platform/errors/product-error.js';
import type { UserRole } from './user.entity.js';

export { Public } from '../platform/http/public.js';

export const SCOPES = [
  'tasks:read',
  'tasks:write',
  'people:read',
  'people:write',
  'emails:read',
  'emails:write',
  'salesforce:read',
  'salesforce:write',
  'team:read',
  'team:write',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Who calls: found by the guard from the API key, the same for the whole request. */
export interface Principal {
  teamId: string;
  /** Null: a key of the team, which is no person. */
  userId: string | null;
  /** A team's key acts as an admin, within its scopes. */
  role: UserRole;
  scopes: readonly Scope[];
  /** `user:<id>` or `key:<id>`, as the history shows it. */
  actor: string;
  /** IANA name: what "today" means to the caller. */
  timeZone: string;
  /** Where the caller is a person in a browser: their session. */
  sessionId?: string;
}

export interface AccessRule {
  /** The least role that may call: an admin may whatever a member may. */
  role: UserRole;
  /** The scope that a key of the team needs; `any`: none in particular. */
  scope: Scope | 'any';
}

export const ACCESS = 'command-center:access';

/** Who may call a route (or all routes of a controller). Every route says it, or says `@Public()`. */
export function Access(rule: AccessRule): ClassDecorator & MethodDecorator {
  return applyDecorators(SetMetadata(ACCESS, rule), ApiBearerAuth(), ApiCookieAuth(), ApiExtension('x-access', rule));
}

export interface RequestWithPrincipal extends Request {
  principal?: Principal;
}

export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<RequestWithPrincipal>();
  if (!principal) throw new ProductError('unauthenticated');
  return principal;
});

/** The calling person, where only a person will do ("my tasks"). */
export function requireUser(principal: Principal): string {
  if (principal.userId) return principal.userId;
  throw new ProductError('forbidden', 'This needs the key of a user: a key of the team is nobody in particular.');
}
