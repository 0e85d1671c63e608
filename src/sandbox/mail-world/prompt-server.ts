import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { SMTPServer } from 'smtp-server';

/**
 * smtp-server greets 100 ms after a connection opens, to catch who talks too soon, and has no option for it. A test
 * that opens a connection for every email has no time for that.
 */
export class PromptSmtpServer extends SMTPServer {
  override connect(socket: Socket | TLSSocket, options?: Parameters<SMTPServer['connect']>[1]): void {
    super.connect(socket, options);
    const connection = [...this.connections].at(-1);
    if (connection?.remotePort !== socket.remotePort) return;
    const greet = connection?.connectionReady.bind(connection);
    let greeted = false;
    const greetOnce = (): void => {
      if (greeted) return;
      greeted = true;
      greet?.();
    };
    // Its own timer finds the work done.
    if (connection) connection.connectionReady = greetOnce;
    setImmediate(greetOnce);
  }
}
