import { type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { type ErrorCode, errorCatalogue } from '../errors/error-catalogue.js';

/** What Node itself refuses never reaches Express: it is answered here, as a problem like any other. */
export function answerUnreadable(server: Server, publicUrl: string, logger: Logger): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const code = codeOf(error.code);
    const { status, title, advice } = errorCatalogue[code];
    const instance = uuidv7();
    logger.info({ request_id: instance, res: { status } }, `a request that cannot be read: ${error.code ?? 'unknown'}`);
    const type = `${publicUrl}/errors/${code}`;
    const body = JSON.stringify({ type, title, status, detail: advice, instance, code, errors: [] });
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${instance}`,
      'Cache-Control: no-store',
      'Connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  });
}

function codeOf(nodeCode: string | undefined): ErrorCode {
  if (nodeCode === 'HPE_HEADER_OVERFLOW') return 'headers_too_large';
  return nodeCode === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request_timeout' : 'unreadable_request';
}
