import { describe, expect, it } from '@jest/globals';
import { SalesforceError } from '../../../src/salesforce/client/errors.js';
import { TransportError } from '../../../src/salesforce/client/http.js';
import { readTokenAnswer, tokenCallFailed } from '../../../src/salesforce/connection/token-answer.js';

const answer = (statusCode: number, body: unknown) => ({
  statusCode,
  headers: {},
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const good = {
  access_token: '00D000000000062!secret',
  refresh_token: 'refresh-secret',
  instance_url: 'https://acme.my.salesforce.com',
  id: 'https://login.salesforce.com/id/00D000000000062EAA/005000000000001',
};

function refusal(statusCode: number, body: unknown): SalesforceError {
  try {
    readTokenAnswer(answer(statusCode, body));
  } catch (error) {
    if (error instanceof SalesforceError) return error;
  }
  throw new Error('It was not refused.');
}

describe('the answer of the token endpoint', () => {
  it('says for whom and where', () => {
    expect(readTokenAnswer(answer(200, good))).toEqual({
      accessToken: '00D000000000062!secret',
      refreshToken: 'refresh-secret',
      instanceUrl: 'https://acme.my.salesforce.com',
      orgId: '00D000000000062EAA',
      userId: '005000000000001AAA',
    });
  });

  it('may bring no new refresh token: rotation is off', () => {
    expect(readTokenAnswer(answer(200, { ...good, refresh_token: undefined })).refreshToken).toBeUndefined();
  });

  it.each([
    ['invalid_grant', 'expired access/refresh token', 400, 'INVALID_GRANT', 'stopped'],
    ['invalid_grant', 'ip restricted', 400, 'INVALID_GRANT', 'stopped'],
    ['inactive_user', 'user is inactive', 400, 'INACTIVE_USER', 'stopped'],
    ['inactive_org', 'organization is inactive', 400, 'INACTIVE_ORGANIZATION', 'stopped'],
    ['invalid_client', 'invalid client credentials', 400, 'CLIENT_REFUSED', 'admin'],
    ['invalid_client_id', 'client identifier invalid', 400, 'CLIENT_REFUSED', 'admin'],
    ['invalid_request', 'token rate limit exceeded', 400, 'SERVER_UNAVAILABLE', 'retry'],
    ['server_error', 'x', 500, 'SERVER_UNAVAILABLE', 'retry'],
  ])('%s (%s)', (error, error_description, status, code, kind) => {
    expect(refusal(status, { error, error_description })).toMatchObject({
      code,
      kind,
      message: `${error}: ${error_description}`,
    });
  });

  it('that cannot be read tells nothing of the tokens in it', () => {
    for (const body of ['<html>', { ...good, id: undefined }, { ...good, instance_url: '' }, { ...good, id: 'x/y' }]) {
      const error = refusal(200, body);
      expect(error).toMatchObject({ kind: 'retry', doubtful: true });
      expect(error.message).not.toContain('secret');
    }
    expect(refusal(503, '<html>')).toMatchObject({ kind: 'retry' });
  });

  it('that is lost may have rotated the token', () => {
    expect(tokenCallFailed(new TransportError('TIMEOUT', 'late', true))).toMatchObject({
      kind: 'retry',
      doubtful: true,
    });
    expect(tokenCallFailed(new TransportError('UNREACHABLE', 'x', false))).toMatchObject({ doubtful: false });
  });
});
