import { setFlows, setRule } from './control/automation.js';
import {
  addField,
  convertLead,
  emptyBin,
  moveOrg,
  removeField,
  setJwt,
  setPicklist,
  setUser,
} from './control/admin.js';
import { archive, restamp, seedMore } from './control/data.js';
import { booleanOf, dataOf, numberOf, textOf } from './control/input.js';
import { hireUsers, setVerified } from './control/users.js';
import { ApiError } from './errors.js';
import type { Effect, Fault } from './faults.js';
import type { HttpRequest } from './http/request.js';
import { parseJson } from './http/request.js';
import { json } from './http/response.js';
import type { HttpResponse } from './http/response.js';
import { to18 } from './ids.js';
import { openGrant } from './oauth/grants.js';
import type { Org } from './org.js';
import { serve } from './resources.js';

/**
 * The control interface, for tests, demonstrations and benchmarks. JSON in and out; no log-in, as the server listens on
 * loopback only. Nothing here is counted as an API call or struck by a fault.
 *
 *   GET    /sandbox/state                  {orgId, instanceUrl, now, clockOffsetMs, usage: {used, limit}, heldCommits}
 *   POST   /sandbox/clock                  {offsetMs} (absolute) or {advanceMs} → state
 *   GET    /sandbox/calls                  {used, limit, peak, byKind: {…}}; DELETE starts peak and kinds anew
 *   POST   /sandbox/limits                 {daily?, usedElsewhere?, callsElsewhere?}: usedElsewhere stays until it is set
 *                                          anew; callsElsewhere are calls of now, which leave the window a day later
 *   *      /sandbox/faults[/ID]            see faults.ts
 *   POST   /sandbox/late-commits/release   → {released}
 *   GET    /sandbox/users                  [{id, name, username, isActive, viewAllData}]
 *   POST   /sandbox/users                  {count} → {ids}: hires so many
 *   PATCH  /sandbox/users/ID               {isActive?, viewAllData?, emailVerified?}
 *   POST   /sandbox/sessions               {userId} → {accessToken, instanceUrl}; DELETE {userId?} expires them
 *   POST   /sandbox/grants                 {userId} → {accessToken, refreshToken, instanceUrl, userId}: log-in without a browser
 *   *      /sandbox/as/USER/REST-PATH      any REST call as that user, e.g. POST /sandbox/as/005…/sobjects/Task,
 *                                          PATCH …/composite/sobjects; with ?stampBackMs=60000 as one that commits late
 *   POST   /sandbox/fields                 {object?, name, type?, label?, length?, externalId?, unique?}: adds or changes;
 *                                          DELETE /sandbox/fields/OBJECT/NAME
 *   POST   /sandbox/picklists/Status       {values: [{value, label?, isDefault?, isClosed?}]}; also Priority
 *   POST   /sandbox/validation-rules       {name?, object?, field, matches, message?}: a record whose field's text matches the
 *                                          regular expression is refused; GET lists; DELETE /sandbox/validation-rules[/NAME]
 *   POST   /sandbox/flows                  {perRecordMs}: each record that is written takes so long, within its transaction
 *   POST   /sandbox/restamp                {object?, ids? | ownerId?, at?} → {count}: SystemModstamp only, in one transaction
 *   POST   /sandbox/archive                → {count}: archives what is due to be
 *   POST   /sandbox/recycle-bin/empty      {object?, ids?, olderThanDays?} → {count}: hard delete
 *   POST   /sandbox/leads/ID/convert       → {contactId, accountId}
 *   POST   /sandbox/org                    {id?, instanceUrl?}: sandbox refresh, My Domain moved
 *   POST   /sandbox/jwt                    {publicKey?, approved?, audience?}: the app's certificate (PEM, SPKI; left out: none), who is approved
 *   POST   /sandbox/seed                   {tasks, seed?} → {tasks}
 */
export async function handleControl(org: Org, request: HttpRequest): Promise<HttpResponse> {
  const [, , head = '', second, third] = request.url.pathname.split('/');
  const { method } = request;
  const data = dataOf(parseJson(request.body));
  switch (`${method} ${head}`) {
    case 'GET state':
      return json(200, state(org));
    case 'POST clock':
      org.clockOffsetMs = numberOf(data, 'offsetMs') ?? org.clockOffsetMs + (numberOf(data, 'advanceMs') ?? 0);
      return json(200, state(org));
    case 'GET calls':
      return json(200, {
        used: org.usage.used(),
        limit: org.usage.dailyLimit,
        peak: org.usage.peak,
        byKind: org.usage.byKind(),
      });
    case 'DELETE calls':
      org.usage.resetKinds();
      return json(204, undefined);
    case 'POST limits':
      org.usage.dailyLimit = numberOf(data, 'daily') ?? org.usage.dailyLimit;
      org.usage.usedElsewhere = numberOf(data, 'usedElsewhere') ?? org.usage.usedElsewhere;
      org.usage.add(numberOf(data, 'callsElsewhere') ?? 0);
      return json(200, state(org));
    case 'GET faults':
      return json(200, org.faults.list());
    case 'POST faults':
      return json(201, org.faults.arm(faultOf(data)));
    case 'DELETE faults':
      org.faults.disarm(second);
      return json(204, undefined);
    case 'POST late-commits':
      return json(200, { released: org.lateCommits.releaseAll() });
    case 'GET users':
      return json(200, await users(org));
    case 'POST users':
      return json(201, { ids: await hireUsers(org, data) });
    case 'PATCH users':
      await setUser(org, second ?? '', booleanOf(data, 'isActive'), booleanOf(data, 'viewAllData'));
      setVerified(org, second ?? '', booleanOf(data, 'emailVerified'));
      return json(204, undefined);
    case 'POST sessions':
      return json(201, await openSession(org, textOf(data, 'userId') ?? ''));
    case 'POST grants':
      return json(201, await openGrantFor(org, textOf(data, 'userId') ?? ''));
    case 'DELETE sessions':
      return json(200, { expired: await org.sessions.expireAll(textOf(data, 'userId')) });
    case 'POST fields':
      await addField(org, data);
      return json(204, undefined);
    case 'DELETE fields':
      await removeField(org, second ?? '', third ?? '');
      return json(204, undefined);
    case 'POST picklists':
      await setPicklist(org, second ?? '', data['values']);
      return json(204, undefined);
    case 'GET validation-rules':
      return json(200, org.validationRules.list());
    case 'POST validation-rules':
      return json(201, setRule(org, data));
    case 'DELETE validation-rules':
      org.validationRules.remove(second);
      return json(204, undefined);
    case 'POST flows':
      return json(200, setFlows(org, data));
    case 'POST restamp':
      return json(200, { count: await restamp(org, data) });
    case 'POST archive':
      return json(200, { count: await archive(org) });
    case 'POST recycle-bin':
      return json(200, { count: await emptyBin(org, data) });
    case 'POST leads':
      return json(200, await convertLead(org, second ?? ''));
    case 'POST org':
      await moveOrg(org, textOf(data, 'id'), textOf(data, 'instanceUrl'));
      return json(200, state(org));
    case 'POST jwt':
      setJwt(org, data);
      return json(200, state(org));
    case 'POST seed':
      return json(200, await seedMore(org, data));
    default:
      if (head === 'as') return callAs(org, request, second ?? '');
      throw new ApiError(404, 'NOT_FOUND', `no such control: ${method} ${request.url.pathname}`);
  }
}

function state(org: Org): unknown {
  return {
    orgId: org.id,
    instanceUrl: org.instanceUrl,
    now: org.now().toISOString(),
    clockOffsetMs: org.clockOffsetMs,
    usage: { used: org.usage.used(), limit: org.usage.dailyLimit },
    heldCommits: org.lateCommits.count(),
  };
}

function faultOf(data: Record<string, unknown>): Partial<Fault> & { effect: Effect } {
  const { effect } = data;
  if (typeof effect !== 'object' || effect === null) {
    throw new ApiError(400, 'INVALID_FAULT', 'a fault needs an effect, e.g. {"effect":{"status":503}}');
  }
  return { ...data, effect };
}

interface ControlUser {
  id: string;
  name: string;
  username: string;
  email: string;
  isActive: boolean;
  viewAllData: boolean;
  timeZone: string;
}

async function users(org: Org): Promise<ControlUser[]> {
  const { rows } = await org.pool.query<ControlUser>(
    `SELECT id, name, username, email, is_active AS "isActive", view_all_data AS "viewAllData",
            time_zone_sid_key AS "timeZone"
     FROM sf_user ORDER BY id`,
  );
  return rows;
}

async function userOf(org: Org, id: string): Promise<ControlUser> {
  const user = (await users(org)).find((u) => u.id === to18(id));
  if (!user) throw new ApiError(404, 'NOT_FOUND', `no user ${id}`);
  return user;
}

async function openSession(org: Org, userId: string): Promise<unknown> {
  const user = await userOf(org, userId);
  return { accessToken: await org.sessions.open(org.id, user.id, null), instanceUrl: org.instanceUrl };
}

async function openGrantFor(org: Org, userId: string): Promise<unknown> {
  const user = await userOf(org, userId);
  const { accessToken, refreshToken } = await openGrant(org, user.id, 'api refresh_token id');
  return { accessToken, refreshToken, instanceUrl: org.instanceUrl, userId: user.id };
}

/** A call of the REST API as a person makes it in Salesforce itself: it costs the API nothing. */
async function callAs(org: Org, request: HttpRequest, userId: string): Promise<HttpResponse> {
  const user = await userOf(org, userId);
  const stampBackMs = Number(request.url.searchParams.get('stampBackMs') ?? 0);
  const commitLateMs = Number(request.url.searchParams.get('commitLateMs') ?? 0);
  const answer = await serve({
    org,
    db: org.pool,
    user,
    version: 'v68.0',
    method: request.method,
    path: request.url.pathname.split('/').slice(4).map(decodeURIComponent),
    query: request.url.searchParams,
    headers: request.headers,
    body: parseJson(request.body),
    strikes: [{ effect: { stampBackMs, commitLateMs }, refused: new Map() }],
  });
  return json(answer.status, answer.body, answer.headers);
}
