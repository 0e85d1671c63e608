import { ApiError } from '../errors.js';
import type { HttpRequest } from '../http/request.js';
import type { Org } from '../org.js';
import { authenticate } from '../rest.js';
import { formatStamp } from '../time.js';

interface Person {
  id: string;
  username: string;
  name: string;
  firstName: string | null;
  lastName: string;
  email: string;
  isActive: boolean;
  timeZone: string;
  stamp: Date;
}

/** OpenID Connect's userinfo for the user of the access token. */
export async function userinfo(org: Org, request: HttpRequest): Promise<unknown> {
  const person = await callerOf(org, request);
  return {
    sub: `${org.instanceUrl}/id/${org.id}/${person.id}`,
    user_id: person.id,
    organization_id: org.id,
    preferred_username: person.username,
    nickname: person.username.split('@')[0],
    name: person.name,
    given_name: person.firstName,
    family_name: person.lastName,
    email: person.email,
    email_verified: !org.unverified.has(person.id),
    zoneinfo: person.timeZone,
    active: person.isActive,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_US',
    updated_at: person.stamp.toISOString(),
    urls: urls(org),
  };
}

/** The identity URL, `/id/ORG/USER`. */
export async function identity(org: Org, request: HttpRequest): Promise<unknown> {
  const person = await callerOf(org, request);
  const [, , orgId, userId] = request.url.pathname.split('/');
  if (orgId !== org.id || userId !== person.id) throw new ApiError(403, 'FORBIDDEN', 'Bad_Id');
  return {
    id: `${org.instanceUrl}/id/${org.id}/${person.id}`,
    asserted_user: true,
    user_id: person.id,
    organization_id: org.id,
    username: person.username,
    nick_name: person.username.split('@')[0],
    display_name: person.name,
    email: person.email,
    email_verified: !org.unverified.has(person.id),
    first_name: person.firstName,
    last_name: person.lastName,
    timezone: person.timeZone,
    active: person.isActive,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_US',
    last_modified_date: formatStamp(person.stamp),
    urls: urls(org),
  };
}

async function callerOf(org: Org, request: HttpRequest): Promise<Person> {
  // The identity service answers an unknown token with 403, unlike the API.
  const user = await authenticate(org, request, []).catch(() => {
    throw new ApiError(403, 'FORBIDDEN', 'Bad_OAuth_Token');
  });
  const { rows } = await org.pool.query<Person>(
    `SELECT id, username, name, first_name AS "firstName", last_name AS "lastName", email, is_active AS "isActive",
            time_zone_sid_key AS "timeZone", system_modstamp AS stamp
     FROM sf_user WHERE id = $1`,
    [user.id],
  );
  if (!rows[0]) throw new ApiError(403, 'FORBIDDEN', 'Bad_Id');
  return rows[0];
}

function urls(org: Org): Record<string, string> {
  const base = org.instanceUrl;
  return {
    enterprise: `${base}/services/Soap/c/{version}/${org.id}`,
    partner: `${base}/services/Soap/u/{version}/${org.id}`,
    rest: `${base}/services/data/v{version}/`,
    sobjects: `${base}/services/data/v{version}/sobjects/`,
    query: `${base}/services/data/v{version}/query/`,
    custom_domain: base,
  };
}
