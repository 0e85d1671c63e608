import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answerOf, api } from '../api/client';
import { Confirm } from '../ui/confirm';
import { Failed, PageLoading } from '../ui/states';
import { useRun } from '../ui/use-run';

/** Emails are looked at before they leave, in whatever list they show. */
const KEYS = ['blocked-domains', 'emails', 'batch-check'];

/** Domains that the team sends nothing to. */
export function BlockedDomainsPage() {
  const { run, busy } = useRun(KEYS);
  const [freed, setFreed] = useState<string>();
  const domains = useQuery({
    queryKey: ['blocked-domains'],
    queryFn: () => answerOf(api.GET('/v1/blocked-domains')),
  });
  if (domains.isPending) return <PageLoading />;
  if (!domains.data) return <Failed error={domains.error} retry={() => void domains.refetch()} />;
  const close = () => setFreed(undefined);
  async function unblock(domain: string) {
    close();
    const params = { path: { domain } };
    await run(() => answerOf(api.DELETE('/v1/blocked-domains/{domain}', { params })), `Emails go to ${domain} again.`);
  }
  return (
    <>
      <p>
        Nobody in these domains, or in one below them, gets any email from your team: <code>example.com</code> blocks{' '}
        <code>mail.example.com</code> too.
      </p>
      <BlockDomain busy={busy} run={run} />
      {domains.data.data.length === 0 ? (
        <p className="quiet">No domain is blocked.</p>
      ) : (
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th>Domain</th>
                <th>Blocked since</th>
                <th>
                  <span className="sr-only">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {domains.data.data.map(({ domain, created_at: at }) => (
                <tr key={domain}>
                  <td>{domain}</td>
                  <td>{new Date(at).toLocaleDateString('en-GB', { dateStyle: 'medium' })}</td>
                  <td>
                    <Button
                      size="compact-sm"
                      variant="default"
                      disabled={busy}
                      aria-label={`Unblock ${domain}`}
                      onClick={() => setFreed(domain)}
                    >
                      Unblock
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Confirm
        opened={freed !== undefined}
        title={`Unblock ${freed ?? ''}?`}
        answers={[{ label: 'Unblock', run: () => freed !== undefined && void unblock(freed) }]}
        onClose={close}
      >
        <p>People there get emails again, unless they are unsubscribed.</p>
      </Confirm>
    </>
  );
}

function BlockDomain({ busy, run }: ReturnType<typeof useRun>) {
  const [text, setText] = useState('');
  async function submit(event: FormEvent) {
    event.preventDefault();
    const params = { path: { domain: text.trim() } };
    const blocked = await run(
      () => answerOf(api.PUT('/v1/blocked-domains/{domain}', { params })),
      ({ domain }) => `Nothing is sent to ${domain} any more.`,
    );
    if (blocked) setText('');
  }
  return (
    <form className="inline form card" onSubmit={(event) => void submit(event)}>
      <TextInput
        label="Block a domain"
        placeholder="rival.example.com"
        required
        maxLength={253}
        autoCapitalize="none"
        spellCheck={false}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      <Button type="submit" loading={busy}>
        Block
      </Button>
    </form>
  );
}
