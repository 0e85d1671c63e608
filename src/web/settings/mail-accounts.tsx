import { Button, Checkbox } from '@mantine/core';
import { IconBrandGmail, IconBrandWindows } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api, type Schemas } from '../api/client';
import { useMe } from '../shell/use-me';
import { useRun } from '../ui/use-run';

const ICONS = { google: IconBrandGmail, microsoft: IconBrandWindows } as const;

/** Mailboxes that are connected at their provider, without a password here. */
export function MailAccounts() {
  const { role } = useMe();
  const { run, busy } = useRun([]);
  const [team, setTeam] = useState(false);
  const providers = useQuery({
    queryKey: ['mail-providers'],
    queryFn: () => answerOf(api.GET('/v1/mail-accounts/providers')),
    staleTime: Infinity,
  });
  const all = providers.data?.data ?? [];
  const missing = all.filter(({ available }) => !available).map(({ label }) => label);
  return (
    <div className="stack">
      <div className="buttons buttons-left">
        {all
          .filter(({ available }) => available)
          .map(({ provider, label }) => {
            const Icon = ICONS[provider];
            return (
              <Button
                key={provider}
                variant="default"
                loading={busy}
                leftSection={<Icon size={17} aria-hidden="true" />}
                onClick={() => void run(() => leaveFor({ provider, team }), 'Say yes there, and you come back.')}
              >
                Connect {label}
              </Button>
            );
          })}
        {role === 'admin' && missing.length < all.length && (
          <Checkbox
            label="For the whole team"
            checked={team}
            onChange={({ currentTarget }) => setTeam(currentTarget.checked)}
          />
        )}
      </div>
      {missing.length > 0 && (
        <p className="quiet">
          {missing.join(' and ')} can be connected without a password once whoever runs this installation has registered
          it there (docs/sending.md). With an app password they work as a mail server.
        </p>
      )}
    </div>
  );
}

/** To the provider's own page, which sends the browser back. */
export async function leaveFor(body: Schemas['ConnectMailAccount']): Promise<void> {
  const { authorize_url: url } = await answerOf(api.POST('/v1/mail-accounts', { body }));
  window.location.assign(url);
}
