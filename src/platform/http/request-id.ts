import type { NextFunction, Request, Response } from 'express';
import { v7 as uuidv7 } from 'uuid';

const ACCEPTED = /^[\w.:-]{1,128}$/;

/** Express middleware: every answer carries X-Request-Id, the caller's own where it sent a plain one. */
export function requestId(request: Request, response: Response, next: NextFunction): void {
  const sent = request.headers['x-request-id'];
  request.id = typeof sent === 'string' && ACCEPTED.test(sent) ? sent : uuidv7();
  response.setHeader('X-Request-Id', String(request.id));
  next();
}
