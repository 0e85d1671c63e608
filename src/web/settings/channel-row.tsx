import { Button } from '@mantine/core';
import { answerOf, api, type Schemas } from '../api/client';
import { useMe } from '../shell/use-me';
import { useNow } from '../ui/use-now';
import { useRun } from '../ui/use-run';
import { leaveFor } from './mail-accounts';
import { stateWords } from './channel-words';

const SECURITY_WORDS = { tls: 'TLS', starttls: 'STARTTLS', none: 'not encrypted' } as const;

type Channel = Schemas['ChannelView'];

interface Props {
  channel: Channel;
  onEdit: () => void;
  onTested: (result: Schemas['ChannelTestResult']) => void;
}

export function ChannelRow({ channel, onEdit, onTested }: Props) {
  const me = useMe();
  const { run, busy } = useRun(['channels', 'identities']);
  const now = useNow(1000);
  const { id, name, host, port, security, owner, state } = channel;
  const own = owner !== null && owner.id === me.user?.id;
  const halted = state === 'paused' || state === 'stopped';
  const params = { path: { id } };
  const test = () => run(() => answerOf(api.POST('/v1/channels/{id}/test', { params })), 'The test has ended.');
  const pause = () =>
    run(() => answerOf(api.POST('/v1/channels/{id}/pause', { params })), `${name} is paused: what is due waits.`);
  const resume = () =>
    run(() => answerOf(api.POST('/v1/channels/{id}/resume', { params })), `${name} goes on sending.`);
  const remove = () =>
    run(
      () => answerOf(api.DELETE('/v1/channels/{id}', { params })),
      'The channel is removed, and what it logged in with forgotten.',
    );
  return (
    <tr>
      <td>{name}</td>
      <td>
        {host}:{port}{' '}
        <span className="quiet">
          {SECURITY_WORDS[security]}
          {channel.provider !== null && ', connected'}
        </span>
      </td>
      <td>{owner === null ? 'The team’s' : own ? 'Yours' : owner.name}</td>
      <td>{stateWords(channel, now, me.time_zone)}</td>
      <td>
        <div className="buttons buttons-left">
          {(own || owner === null) && (
            <Act
              words="Test"
              name={name}
              busy={busy}
              run={() => void test().then((result) => result && onTested(result))}
            />
          )}
          {(own || me.role === 'admin') && (
            <>
              {channel.provider !== null && (
                <Act
                  words="Connect again"
                  name={name}
                  busy={busy}
                  run={() =>
                    void run(
                      () => leaveFor({ provider: channel.provider ?? 'google', team: owner === null }),
                      'Say yes there, and you come back.',
                    )
                  }
                />
              )}
              <Act words="Change" name={name} run={onEdit} />
              {halted ? (
                <Act words="Resume" name={name} busy={busy} run={() => void resume()} />
              ) : (
                <Act words="Pause" name={name} busy={busy} run={() => void pause()} />
              )}
              <Act words="Remove" name={name} run={() => void remove()} />
            </>
          )}
        </div>
      </td>
    </tr>
  );
}

function Act({ words, name, busy, run }: { words: string; name: string; busy?: boolean; run: () => void }) {
  return (
    <Button size="compact-sm" variant="default" loading={busy ?? false} aria-label={`${words} ${name}`} onClick={run}>
      {words}
    </Button>
  );
}
