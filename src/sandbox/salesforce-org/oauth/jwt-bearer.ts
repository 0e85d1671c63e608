import { errors, importSPKI, jwtVerify } from 'jose';
import type { Org } from '../org.js';
import { OauthError, refuseInactive, type Tokens } from './grants.js';

/** What an admin set up for the JWT bearer flow: the app's certificate, and who is approved for the app. */
export interface JwtSetUp {
  /** PEM (SPKI): stands for the certificate. */
  publicKey: string;
  /** Usernames; undefined: everybody. */
  approved: readonly string[] | undefined;
  audience: string | undefined;
}

const MOST_SECONDS = 180;

/** RFC 7523, in Salesforce's words. There is no refresh token. */
export async function jwtBearer(org: Org, assertion: string): Promise<Omit<Tokens, 'refreshToken'>> {
  const { jwt } = org;
  if (!jwt) throw new OauthError('invalid_grant', 'invalid assertion');
  const username = await subjectOf(org, jwt, assertion);
  const { rows } = await org.pool.query<{ id: string }>('SELECT id FROM sf_user WHERE username = $1', [username]);
  const userId = rows[0]?.id;
  if (userId === undefined) throw new OauthError('invalid_grant', "user hasn't approved this consumer");
  await refuseInactive(org, userId);
  if (jwt.approved && !jwt.approved.includes(username)) {
    throw new OauthError('invalid_app_access', 'user is not admin approved to access this app');
  }
  return { accessToken: await org.sessions.open(org.id, userId, null), userId, scope: 'api id' };
}

async function subjectOf(org: Org, { publicKey, audience }: JwtSetUp, assertion: string): Promise<string> {
  const now = org.now();
  try {
    const { payload } = await jwtVerify(assertion, await importSPKI(publicKey, 'RS256'), {
      ...{ algorithms: ['RS256'], issuer: org.options.clientId, currentDate: now },
      ...{ audience: audience ?? org.instanceUrl, requiredClaims: ['sub', 'exp'] },
    });
    if ((payload.exp ?? 0) > now.getTime() / 1000 + MOST_SECONDS) {
      throw new OauthError('invalid_grant', 'invalid assertion: exp is too far in the future');
    }
    return payload.sub ?? '';
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    if (error instanceof errors.JWTExpired) throw new OauthError('invalid_grant', 'token is expired');
    const isAudience = error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud';
    throw new OauthError('invalid_grant', isAudience ? 'audience is invalid' : 'invalid assertion');
  }
}
