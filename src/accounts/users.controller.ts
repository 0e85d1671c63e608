import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatch } from '../platform/http/conditions.js';
import { decodeCursor, PageQuery, toPage } from '../platform/http/page.js';
import { UuidParam } from '../platform/http/uuid-param.js';
import { Access, CurrentPrincipal, type Principal } from './access.js';
import { Idempotent } from './idempotency/idempotent.js';
import { type UserStanding, UserStandings } from './user-standings.js';
import { viewOfUser, viewWithStanding } from './user-view.js';
import type { User } from './user.entity.js';
import { CreateUser, UpdateUser, UserPage, UserView } from './users.dto.js';
import { UsersService } from './users.service.js';

@ApiTags('team')
@Controller('v1/users')
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly standings: UserStandings,
  ) {}

  /** The team's users; members see of others only who they are */
  @Get()
  @Access({ role: 'member', scope: 'team:read' })
  async list(@CurrentPrincipal() principal: Principal, @Query() query: PageQuery): Promise<UserPage> {
    const [after = null] = query.after ? decodeCursor(query.after, 1) : [];
    const rows = await this.users.list(principal.teamId, query.limit, after);
    const standings = await this.standingsFor(principal, rows);
    return toPage(
      rows,
      query.limit,
      (user) => [user.id],
      (user) => viewWithStanding(user, principal, standings.get(user.id)),
    );
  }

  /** One user */
  @Get(':id')
  @Access({ role: 'member', scope: 'team:read' })
  async get(@CurrentPrincipal() principal: Principal, @Param('id', UuidParam) id: string): Promise<UserView> {
    const user = await this.users.get(principal.teamId, id);
    const standings = await this.standingsFor(principal, [user]);
    return viewWithStanding(user, principal, standings.get(id));
  }

  /** Adds a user to the team */
  @Post()
  @Idempotent()
  @Access({ role: 'admin', scope: 'team:write' })
  async create(@CurrentPrincipal() principal: Principal, @Body() body: CreateUser): Promise<UserView> {
    const { email, name, role = 'member', time_zone: timeZone = 'UTC' } = body;
    const user = await this.users.create(principal.teamId, { email, name, role, timeZone }, principal.actor);
    return viewOfUser(user, principal);
  }

  /** Changes a user; the last active admin stays one */
  @Patch(':id')
  @Access({ role: 'admin', scope: 'team:write' })
  async update(
    @CurrentPrincipal() principal: Principal,
    @Param('id', UuidParam) id: string,
    @IfMatch() ifMatch: string | undefined,
    @Body() body: UpdateUser,
  ): Promise<UserView> {
    const { time_zone: timeZone, ...rest } = body;
    const changes = withoutUndefined({ ...rest, timeZone });
    return viewOfUser(await this.users.update(principal.teamId, id, ifMatch, changes, principal.actor), principal);
  }

  private async standingsFor({ teamId, role }: Principal, users: readonly User[]) {
    if (role !== 'admin') return new Map<string, UserStanding>();
    return this.standings.of(
      teamId,
      users.map(({ id }) => id),
    );
  }
}

function withoutUndefined<T extends object>(changes: T): Partial<T> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Partial<T>;
}
