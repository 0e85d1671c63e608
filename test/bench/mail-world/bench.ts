import type { AddressInfo } from 'node:net';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import type { CopiesReport } from '../../../src/sandbox/mail-world/copies.js';
import { startMailWorld } from '../../../src/sandbox/mail-world/server.js';
import { median, type Options, type ResultLine, round } from '../support/options.js';
import type { Stage } from '../support/stage.js';

const CONNECTIONS = 20;
const BODY = `<p>${'Hello there. '.repeat(150)}</p>`;

/** How fast the sandbox's mail server takes messages, sender and server in one process, against one that throws them away. */
export async function benchMailWorld(stage: Stage, { n, runs, say }: Options): Promise<ResultLine> {
  const floors: number[] = [];
  const worlds: number[] = [];
  for (let run = 1; run <= runs; run++) {
    floors.push(await floorSeconds(n));
    worlds.push(await worldSeconds(stage, n));
    say(
      `run ${run}: ${Math.round(n / (worlds.at(-1) ?? NaN))} messages/s, floor ${Math.round(n / (floors.at(-1) ?? NaN))}`,
    );
  }
  const seconds = median(worlds);
  return {
    ...{ bench: 'mail-world', n, seconds: round(seconds), floorSeconds: round(median(floors)) },
    ...{ ratio: round(seconds / median(floors)), higherIsBetter: false },
    peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    ...{ messagesPerSecond: Math.round(n / seconds), connections: CONNECTIONS },
  };
}

async function worldSeconds(stage: Stage, n: number): Promise<number> {
  const database = await stage.database();
  const world = await startMailWorld({ databaseUrl: database.url });
  const seconds = await sendAll(world.smtpPort, n);
  const report = (await (await fetch(`${world.url}/mailbox/copies`)).json()) as CopiesReport;
  await world.close();
  await stage.drop(database);
  if (report.messages !== n || report.bySubject.count > 0)
    throw new Error(`Not every message once: ${JSON.stringify(report)}`);
  return seconds;
}

async function floorSeconds(n: number): Promise<number> {
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['STARTTLS'], disableReverseLookup: true },
    onData: (stream, _session, done) => stream.resume().once('end', () => done()),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const seconds = await sendAll((server.server.address() as AddressInfo).port, n);
  await new Promise<void>((resolve) => server.close(resolve));
  return seconds;
}

async function sendAll(port: number, n: number): Promise<number> {
  const transport = createTransport({
    ...{ host: '127.0.0.1', port, pool: true, maxConnections: CONNECTIONS, maxMessages: Infinity },
  });
  const since = performance.now();
  await Promise.all(
    Array.from({ length: n }, (_, nth) =>
      transport.sendMail({
        ...{ from: 'ann@acme.example', to: `p${nth}@customer.example`, subject: `Email ${nth}`, html: BODY },
      }),
    ),
  );
  const seconds = (performance.now() - since) / 1000;
  transport.close();
  return seconds;
}
