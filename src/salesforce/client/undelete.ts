import { classifyRecord } from './classify.js';
import { SalesforceError } from './errors.js';
import { idLiteral } from './soql.js';
import { isSalesforceId, to18 } from './ids.js';
import type { WriteResult } from './types.js';

/**
 * REST has no undelete; SOAP has. An envelope of our own: jsforce's puts the ids into the sObject namespace, where the
 * partner WSDL has none.
 */
export function undeleteEnvelope(ids: readonly string[], accessToken: string): string {
  const list = ids.map((id) => `<ids>${idLiteral(id).slice(1, -1)}</ids>`).join('');
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com">' +
    `<soapenv:Header><SessionHeader><sessionId>${escapeXml(accessToken)}</sessionId></SessionHeader>` +
    '<CallOptions><client>CommandCenter</client></CallOptions></soapenv:Header>' +
    `<soapenv:Body><undelete>${list}</undelete></soapenv:Body></soapenv:Envelope>`
  );
}

/**
 * SOAP takes no JWT-based access tokens before API 68 and answers as if the session had expired; believing it would end
 * the connection. The app's admin can turn such tokens off.
 */
export function refuseJwtToken(accessToken: string, version: string): void {
  if (!accessToken.startsWith('eyJ') || Number(version) >= TAKES_JWT_FROM) return;
  const message = 'The session is a JWT, which the SOAP API does not take.';
  throw new SalesforceError({ code: JWT_TOKEN_REFUSED, message, kind: 'user' });
}

export const JWT_TOKEN_REFUSED = 'SOAP_TAKES_NO_JWT';
const TAKES_JWT_FROM = 68;

/** jsforce reads the XML into objects: an element that occurs once is no list. */
export function undeleteResults(ids: readonly string[], answer: unknown): WriteResult[] {
  const body = child(child(answer, 'Envelope'), 'Body');
  const results = listOf(child(child(body, 'undeleteResponse'), 'result'));
  if (results.length !== ids.length) {
    const error = new SalesforceError({
      code: 'UNREADABLE_ANSWER',
      message: 'The answer has not one result for each record.',
      kind: 'retry',
      doubtful: true,
    });
    return ids.map(() => ({ ok: false, error }));
  }
  return results.map((result) => {
    const id = child(result, 'id');
    if (child(result, 'success') === 'true' && typeof id === 'string' && isSalesforceId(id)) {
      return { ok: true, id: to18(id) };
    }
    return { ok: false, error: classifyRecord(listOf(child(result, 'errors'))) };
  });
}

function child(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const key = Object.keys(value).find((one) => one === name || one.endsWith(`:${name}`));
  return key === undefined ? undefined : (value as Record<string, unknown>)[key];
}

function listOf(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
