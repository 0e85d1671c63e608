import type pg from 'pg';
import type { Call } from './call.js';
import { ApiError } from './errors.js';
import type { Strike } from './faults.js';
import type { HttpRequest } from './http/request.js';
import { xml } from './http/response.js';
import type { HttpResponse } from './http/response.js';
import { prefixOf } from './ids.js';
import type { Org } from './org.js';
import { purgeRecords, undeleteRecords } from './records/remove.js';
import type { SaveResult } from './records/save.js';
import { write } from './records/write.js';
import { refuseOverLimit, userOfToken } from './rest.js';
import { formatStamp } from './time.js';

/** The few calls of the partner SOAP API that REST has no counterpart for. */
export async function handleSoap(org: Org, request: HttpRequest, strikes: Strike[]): Promise<HttpResponse> {
  try {
    const body = elements(request.body, 'Body')[0] ?? '';
    const user = await userOfToken(org, unescapeXml(elements(request.body, 'sessionId')[0] ?? ''), strikes);
    refuseOverLimit(org, strikes);
    const operation = /<(?:\w+:)?(\w+)[\s>/]/.exec(body)?.[1] ?? '';
    org.usage.count(`soap ${operation}`);
    const call: Call = {
      org,
      db: org.pool,
      user,
      version: `v${request.url.pathname.split('/')[4] ?? '60.0'}`,
      method: 'POST',
      path: [],
      query: request.url.searchParams,
      headers: request.headers,
      body: undefined,
      strikes,
    };
    const ids = elements(body, 'ids').map((id) => unescapeXml(id).trim());
    return envelope(operation, await perform(call, operation, ids), org);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return fault(error.errorCode, error.message);
  }
}

async function perform(call: Call, operation: string, ids: string[]): Promise<string> {
  switch (operation) {
    case 'undelete':
      return results(await ofIds(call, ids, (tx, type, part) => undeleteRecords(tx, call, type, part)));
    case 'emptyRecycleBin':
      return results(await ofIds(call, ids, (tx, type, part) => purgeRecords(tx, type, part)));
    case 'getServerTimestamp':
      return `<result><timestamp>${formatStamp(call.org.now()).replace('+0000', 'Z')}</timestamp></result>`;
    default:
      throw new ApiError(500, 'UNKNOWN_EXCEPTION', `the operation ${operation} is not available in this org`);
  }
}

type Work = (tx: pg.PoolClient, type: ReturnType<Org['catalogue']['get']>, ids: string[]) => Promise<SaveResult[]>;

async function ofIds(call: Call, ids: string[], work: Work): Promise<SaveResult[]> {
  if (ids.length > 200)
    throw new ApiError(
      500,
      'EXCEEDED_ID_LIMIT',
      'record limit reached. cannot submit more than 200 records into this call',
    );
  const { catalogue } = call.org;
  const type = catalogue.ofId(prefixOf(ids[0] ?? '')) ?? catalogue.get('Task');
  return write(call, ids.length, false, (tx) => work(tx, type, ids));
}

function results(list: SaveResult[]): string {
  return list
    .map(({ id, success, errors }) => {
      const problems = errors.map(
        (e) => `<errors><message>${escapeXml(e.message)}</message><statusCode>${e.statusCode}</statusCode></errors>`,
      );
      const idElement = id === undefined ? '<id xsi:nil="true"/>' : `<id>${escapeXml(id)}</id>`;
      return `<result>${problems.join('')}${idElement}<success>${success}</success></result>`;
    })
    .join('');
}

function envelope(operation: string, content: string, org: Org): HttpResponse {
  const body = `<${operation}Response>${content}</${operation}Response>`;
  return xml(200, wrap(body), { 'Sforce-Limit-Info': org.usage.header() });
}

function fault(code: string, message: string): HttpResponse {
  const text = `<soapenv:Fault><faultcode>sf:${code}</faultcode><faultstring>${code}: ${escapeXml(message)}</faultstring></soapenv:Fault>`;
  return xml(500, wrap(text));
}

function wrap(body: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" ' +
    'xmlns="urn:partner.soap.sforce.com" xmlns:sf="urn:fault.partner.soap.sforce.com" ' +
    `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`
  );
}

/** The contents of all elements of a name, whatever their namespace prefix. */
function elements(text: string, name: string): string[] {
  const pattern = new RegExp(`<((?:\\w+:)?${name})(?:\\s[^>]*)?>([\\s\\S]*?)</\\1>`, 'g');
  return [...text.matchAll(pattern)].map((match) => match[2] ?? '');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function unescapeXml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
