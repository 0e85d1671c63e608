import { handleControl } from '../control.js';
import { ApiError } from '../errors.js';
import type { Strike } from '../faults.js';
import { handleOauth } from '../oauth/endpoints.js';
import type { Org } from '../org.js';
import { handlePage } from '../page/pages.js';
import { handleRest, versions } from '../rest.js';
import { handleSoap } from '../soap.js';
import type { HttpRequest } from './request.js';
import { json } from './response.js';
import type { HttpResponse } from './response.js';

/** Sends a request to the part of the org that answers it. */
export async function route(org: Org, request: HttpRequest, strikes: Strike[]): Promise<HttpResponse> {
  const { pathname } = request.url;
  try {
    refuseForeignPages(request);
    if (pathname.startsWith('/sandbox/')) return await handleControl(org, request);
    if (/^\/services\/data\/?$/.test(pathname)) return json(200, versions());
    if (pathname.startsWith('/services/data/')) return await handleRest(org, request, strikes);
    if (/^\/(?:services\/oauth2|id|\.well-known)\//.test(pathname)) {
      return await handleOauth(org, request);
    }
    if (pathname.startsWith('/services/Soap/u/')) return await handleSoap(org, request, strikes);
    if (pathname === '/' || pathname.startsWith('/lightning')) return await handlePage(org, request, strikes);
    throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');
  } catch (error) {
    if (error instanceof ApiError) return json(error.status, error.body());
    throw error;
  }
}

/** There is no log-in to the control interface and the page: other sites open in the same browser stay out. */
function refuseForeignPages({ headers, method }: HttpRequest): void {
  const { origin, host } = headers;
  if (method === 'GET' || origin === undefined || origin === `http://${host ?? ''}`) return;
  throw new ApiError(403, 'FORBIDDEN', 'Requests of other sites are not taken');
}

/** Requests that the fault switch can strike: all but the switch itself. */
export const canFail = (request: HttpRequest): boolean => !request.url.pathname.startsWith('/sandbox/');
