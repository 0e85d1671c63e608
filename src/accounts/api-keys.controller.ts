import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { decodeCursor, PageQuery, toPage } from '../platform/http/page.js';
import { UuidParam } from '../platform/http/uuid-param.js';
import { Access, CurrentPrincipal, type Principal, type Scope } from './access.js';
import { Idempotent } from './idempotency/idempotent.js';
import type { ApiKey } from './api-key.entity.js';
import { allowedKey, keysOf } from './api-key-rules.js';
import { ApiKeyPage, type ApiKeyView, CreateApiKey, CreatedApiKey } from './api-keys.dto.js';
import { ApiKeysService } from './api-keys.service.js';

@ApiTags('team')
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  /** Admins: all keys of the team and its users. Members: their own */
  @Get()
  @Access({ role: 'member', scope: 'team:read' })
  async list(@CurrentPrincipal() principal: Principal, @Query() query: PageQuery): Promise<ApiKeyPage> {
    const [after = null] = query.after ? decodeCursor(query.after, 1) : [];
    const rows = await this.keys.list(principal.teamId, keysOf(principal), query.limit, after);
    return toPage(rows, query.limit, (key) => [key.id], viewOfKey);
  }

  /** Makes a key. The answer is the only time that it is shown */
  @Post()
  @Idempotent()
  @Access({ role: 'member', scope: 'team:write' })
  async create(@CurrentPrincipal() principal: Principal, @Body() body: CreateApiKey): Promise<CreatedApiKey> {
    const { key, text } = await this.keys.create(principal.teamId, allowedKey(principal, body), principal.actor);
    return { ...viewOfKey(key), key: text };
  }

  /** Revokes a key: from now on it opens nothing */
  @Delete(':id')
  @HttpCode(204)
  @Access({ role: 'member', scope: 'team:write' })
  async revoke(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<void> {
    await this.keys.revoke(principal.teamId, keysOf(principal), id, principal.actor);
  }
}

function viewOfKey(key: ApiKey): ApiKeyView {
  return {
    id: key.id,
    name: key.name,
    prefix: `cc_${key.prefix}`,
    user_id: key.userId,
    scopes: key.scopes as Scope[],
    created_at: key.createdAt,
    last_used_at: key.lastUsedAt,
    revoked_at: key.revokedAt,
  };
}
