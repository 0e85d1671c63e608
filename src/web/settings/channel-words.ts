import type { Schemas } from '../api/client';

type Channel = Schemas['ChannelView'];

/** Pure: how it stands with a channel, a sentence that says why nothing is sent and until when. */
export function stateWords(channel: Channel, now: Date, timeZone: string): string {
  const said = channel.trouble === null ? '' : `: ${channel.trouble}`;
  switch (channel.state) {
    case 'paused':
      return 'Paused: what is due waits.';
    case 'stopped':
      return `Stopped${said || ': the server refused the log-in.'}`;
    case 'waiting':
    case 'ready': {
      const { waiting } = channel;
      if (waiting !== null && new Date(waiting.until) > now) return waitingWords(channel, waiting, now, timeZone);
      return channel.trouble === null ? 'Ready' : `Tries again now${said}`;
    }
  }
}

function waitingWords(channel: Channel, waiting: Schemas['ChannelWaiting'], now: Date, timeZone: string): string {
  const until = timeWords(new Date(waiting.until), now, timeZone);
  const number = (value: number | null) => (value ?? 0).toLocaleString('en');
  switch (waiting.for) {
    case 'per_second':
      return `Waits until ${until}: ${number(channel.per_second)} in a second are sent`;
    case 'per_minute':
      return `Waits until ${until}: ${number(channel.per_minute)} in a minute are sent`;
    case 'per_day':
      return `Waits until ${until}: ${number(channel.per_day)} in 24 hours are sent`;
    case 'batch':
      return `Waits until ${until}: a batch of ${number(channel.batch_size)} is sent`;
    case 'gap':
      return `Waits until ${until}: the pause after an email`;
    case 'server':
      return `Tries again at ${until}: ${channel.trouble ?? 'the server did not answer'}`;
  }
}

/** With its seconds when it is near, with its day when it is another. */
function timeWords(at: Date, now: Date, timeZone: string): string {
  const day = (time: Date) =>
    new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone }).format(time);
  const isNear = at.getTime() - now.getTime() < 10 * 60_000;
  const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: isNear ? 'medium' : 'short', timeZone }).format(at);
  return day(at) === day(now) ? clock : `${day(at)}, ${clock}`;
}
