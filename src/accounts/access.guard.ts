import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Config } from '../config/config.js';
import { ProductError } from '../platform/errors/product-error.js';
import { PUBLIC } from '../platform/http/public.js';
import { ACCESS, type AccessRule, type Principal, type RequestWithPrincipal } from './access.js';
import { RateLimits } from '../platform/rate-limits/rate-limits.js';
import { PASSWORD_LIMITS } from './sign-in-limits.js';
import { Authenticator } from './authenticator.js';
import { isFromOwnPage } from './sessions/same-origin.js';
import { sessionTokenOf } from './sessions/session-cookie.js';

/** Lets in who may call, and leaves in the request who it is. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly config: Config,
    private readonly limits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.ruleOf(context);
    if (rule === 'public') return true;
    const request = context.switchToHttp().getRequest<RequestWithPrincipal>();
    const principal = await this.authenticate(request);
    request.principal = principal;
    request.log.setBindings({ team_id: principal.teamId, actor: principal.actor });
    check(principal, rule);
    return true;
  }

  /** What the method says goes before what its controller says. */
  private ruleOf(context: ExecutionContext): AccessRule | 'public' {
    for (const target of [context.getHandler(), context.getClass()]) {
      if (this.reflector.get<boolean | undefined>(PUBLIC, target)) return 'public';
      const rule = this.reflector.get<AccessRule | undefined>(ACCESS, target);
      if (rule) return rule;
    }
    throw new Error('A route without access rule was called.');
  }

  /** A key that is sent goes before a cookie, which comes along by itself. */
  private async authenticate(request: RequestWithPrincipal): Promise<Principal> {
    const header = request.headers.authorization;
    if (header) return this.withKey(header, request.ip ?? '');
    const token = sessionTokenOf(request, this.config.publicUrl.startsWith('https:'));
    if (!token) throw new ProductError('unauthenticated');
    if (!isFromOwnPage(request, this.config.publicUrl)) throw new ProductError('cross_site_refused');
    const principal = await this.authenticator.principalOfSession(token);
    if (principal) return principal;
    throw new ProductError('unauthenticated', 'Your session has ended: sign in again.');
  }

  private async withKey(header: string, ip: string): Promise<Principal> {
    const [, key] = /^Bearer +(\S+) *$/i.exec(header) ?? [];
    const principal = key && (await this.authenticator.principalOf(key));
    if (principal) return principal;
    await this.limits.take('wrong-key-ip', ip, PASSWORD_LIMITS.wrongKeysOfIp);
    throw new ProductError(
      'unauthenticated',
      'This API key is wrong, revoked, or belongs to an inactive user or a deleted team.',
    );
  }
}

function check(principal: Principal, { role, scope }: AccessRule): void {
  if (role === 'admin' && principal.role !== 'admin') {
    throw new ProductError('forbidden', 'Only admins of the team may do this.');
  }
  if (scope !== 'any' && !principal.scopes.includes(scope)) {
    throw new ProductError('forbidden', `This API key lacks the scope ${scope}.`);
  }
}
