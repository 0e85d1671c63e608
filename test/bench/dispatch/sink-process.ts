// A mail server that answers each message after 20 ms and throws it away: a process of its own, so that its work is not
// counted as the sender's.
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';

const ANSWER_MS = 20;
let messages = 0;

const server = new SMTPServer({
  ...{ authOptional: true, disabledCommands: ['STARTTLS'], disableReverseLookup: true },
  onData: (stream, _session, done) => {
    stream.resume().once('end', () => {
      messages += 1;
      void delay(ANSWER_MS).then(() => done());
    });
  },
});
server.on('error', () => undefined);
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.server.address() as AddressInfo).port }));
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ messages, cpuSeconds: (user + system) / 1e6 });
});
process.once('disconnect', () => process.exit());
