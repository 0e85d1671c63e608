import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/**
 * What the server answers to a command (its first word, or `.` for the end of a message), or `hang up`, or
 * `say nothing`; undefined: as a good one.
 */
export type Reply = (command: string, line: string) => string | undefined;

export interface StubServer {
  port: number;
  /** Every line that came, commands and messages. */
  lines: string[];
  /** Messages that ended with the dot. */
  messages: string[];
  reply: Reply;
  /** To whoever is connected, unasked. */
  say(line: string): void;
  close(): Promise<void>;
}

const GOOD: Readonly<Record<string, string>> = {
  DATA: '354 go on',
  QUIT: '221 bye',
  AUTH: '235 welcome',
  GREETING: '220 stub',
};

/** A mail server that answers word for word what a test says. */
export async function startStubServer({ pipelining = false } = {}): Promise<StubServer> {
  const sockets = new Set<Socket>();
  const stub = { port: 0, lines: [] as string[], messages: [] as string[], reply: (() => undefined) as Reply };
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    const answer = (command: string, line: string, otherwise = GOOD[command] ?? '250 fine'): string => {
      const ehlo = pipelining ? '250-stub\r\n250-PIPELINING\r\n250 AUTH PLAIN' : '250-stub\r\n250 AUTH PLAIN';
      const said = stub.reply(command, line) ?? (command === 'EHLO' ? ehlo : otherwise);
      if (said === 'hang up') socket.destroy();
      else if (said !== 'say nothing') socket.write(`${said}\r\n`);
      return said;
    };
    if (answer('GREETING', '') === 'hang up') return;
    let message: string[] | undefined;
    let recipients = 0;
    let rest = '';
    const take = (line: string): void => {
      stub.lines.push(line);
      if (message === undefined) {
        const command = line.split(/[ :]/, 1).join().toUpperCase();
        const wrong = command === 'DATA' && recipients === 0 ? '503 no recipient' : undefined;
        const said = answer(command, line, wrong);
        if (command === 'RCPT' && said.startsWith('250')) recipients += 1;
        if (command === 'MAIL' || command === 'RSET') recipients = 0;
        if (command === 'DATA' && said.startsWith('354')) message = [];
        if (command === 'QUIT') socket.end();
      } else if (line === '.') {
        stub.messages.push(message.join('\n'));
        message = undefined;
        answer('.', line);
      } else {
        message.push(line);
      }
    };
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stub.port = (server.address() as AddressInfo).port;
  return Object.assign(stub, {
    say: (line: string) => {
      for (const socket of sockets) socket.write(`${line}\r\n`);
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}
