import { Alert, Button, Code, Modal, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { answerOf, api, type Schemas } from '../api/client';
import { Failed, PageLoading } from '../ui/states';
import { useRun } from '../ui/use-run';
import { DeactivateUser } from './deactivate-user';
import { Standing } from './user-standing';

type User = Schemas['UserView'];

export function UsersPage() {
  const { run, busy } = useRun(['users']);
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<User | undefined>(undefined);
  const users = useQuery({
    queryKey: ['users'],
    queryFn: () => answerOf(api.GET('/v1/users', { params: { query: { limit: 200 } } })),
  });
  if (users.isPending) return <PageLoading />;
  if (!users.data) return <Failed error={users.error} retry={() => void users.refetch()} />;
  const change = (user: User, body: Schemas['UpdateUser'], text: string) => {
    const params = { path: { id: user.id }, header: { 'If-Match': `"v${user.version ?? 0}"` } };
    return run(() => answerOf(api.PATCH('/v1/users/{id}', { params, body })), text);
  };
  return (
    <>
      <div className="buttons buttons-left buttons-spaced">
        <Button onClick={() => setAdding(true)}>Invite</Button>
      </div>
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th>Name</th>
              <th>Email address</th>
              <th>Role</th>
              <th>
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {users.data.data.map((user) => (
              <tr key={user.id}>
                <td>
                  {user.name} {!user.active && <span className="quiet">(inactive)</span>}
                  <Standing user={user} />
                </td>
                <td>{user.email}</td>
                <td>
                  <Select
                    aria-label={`Role of ${user.name}`}
                    size="xs"
                    allowDeselect={false}
                    data={[
                      { value: 'member', label: 'Member' },
                      { value: 'admin', label: 'Admin' },
                    ]}
                    value={user.role ?? 'member'}
                    onChange={(role) =>
                      void change(user, { role: role as User['role'] }, `${user.name} is ${role} now.`)
                    }
                  />
                </td>
                <td>
                  <div className="buttons buttons-left">
                    {!user.active && (
                      <Button
                        size="compact-sm"
                        variant="default"
                        loading={busy}
                        aria-label={`Activate ${user.name}`}
                        onClick={() => void change(user, { active: true }, `${user.name} may come in again.`)}
                      >
                        Activate
                      </Button>
                    )}
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={user.active ? `Deactivate ${user.name}` : `Hand over what ${user.name} held`}
                      onClick={() => setLeaving(user)}
                    >
                      {user.active ? 'Deactivate' : 'Hand over'}
                    </Button>
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <AddUser opened={adding} onClose={() => setAdding(false)} />
      {leaving && (
        <DeactivateUser
          user={users.data.data.find(({ id }) => id === leaving.id) ?? leaving}
          others={users.data.data.filter(({ id, active }) => active && id !== leaving.id)}
          onClose={() => setLeaving(undefined)}
        />
      )}
    </>
  );
}

function AddUser({ opened, onClose }: { opened: boolean; onClose(): void }) {
  const { run, busy } = useRun(['users']);
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [link, setLink] = useState<string | undefined>(undefined);
  async function submit(event: FormEvent) {
    event.preventDefault();
    const user = await run(
      () => answerOf(api.POST('/v1/invitations', { body: { name, email } })),
      `${name} is invited.`,
    );
    if (!user) return;
    if (user.link) return setLink(user.link);
    setName('');
    setEmail('');
    onClose();
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Invite a colleague" closeButtonProps={{ 'aria-label': 'Close' }}>
      {link && (
        <Alert color="green" role="alert" title="No mail server is set: pass this link on yourself">
          <Code block>{link}</Code>
        </Alert>
      )}
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <TextInput
          label="Name"
          required
          data-autofocus
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <TextInput
          label="Email address"
          type="email"
          required
          value={email}
          onChange={({ currentTarget }) => setEmail(currentTarget.value)}
        />
        <div className="buttons">
          <Button type="submit" loading={busy}>
            Invite
          </Button>
        </div>
      </form>
    </Modal>
  );
}
