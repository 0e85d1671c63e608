import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { Org } from '../org.js';

const LIFE_SECONDS = 120;

interface Keys {
  privateKey: CryptoKey;
  jwk: JWK;
}

/** The org as an OpenID provider: who logged in, signed. The keys are new at each start. */
export class OpenIdProvider {
  private keys: Promise<Keys> | undefined;

  async jwks(): Promise<{ keys: JWK[] }> {
    return { keys: [(await this.ready()).jwk] };
  }

  /** An ID token (OpenID Connect Core, 2), with the claims that Salesforce sets; name and address are at userinfo. */
  async idToken(org: Org, userId: string, nonce: string | null): Promise<string> {
    const { privateKey, jwk } = await this.ready();
    const now = Math.floor(org.now().getTime() / 1000);
    return new SignJWT(nonce === null ? {} : { nonce })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: jwk.kid ?? '' })
      .setIssuer(org.instanceUrl)
      .setSubject(`${org.instanceUrl}/id/${org.id}/${userId}`)
      .setAudience(org.options.clientId)
      .setIssuedAt(now)
      .setExpirationTime(now + LIFE_SECONDS)
      .sign(privateKey);
  }

  private ready(): Promise<Keys> {
    return (this.keys ??= newKeys());
  }
}

/** OpenID Connect Discovery, as far as clients read it. */
export function discovery({ instanceUrl }: Org): unknown {
  return {
    issuer: instanceUrl,
    authorization_endpoint: `${instanceUrl}/services/oauth2/authorize`,
    token_endpoint: `${instanceUrl}/services/oauth2/token`,
    revocation_endpoint: `${instanceUrl}/services/oauth2/revoke`,
    userinfo_endpoint: `${instanceUrl}/services/oauth2/userinfo`,
    jwks_uri: `${instanceUrl}/id/keys`,
    scopes_supported: ['openid', 'profile', 'email', 'api', 'id', 'refresh_token'],
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}

async function newKeys(): Promise<Keys> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const kid = String(Date.now());
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}
