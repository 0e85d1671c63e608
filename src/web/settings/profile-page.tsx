import { Button, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api } from '../api/client';
import { useMe } from '../shell/use-me';
import { useRun } from '../ui/use-run';

export function ProfilePage() {
  const { user, team, role } = useMe();
  const [name, setName] = useState(user?.name ?? '');
  const [zone, setZone] = useState(user?.time_zone ?? 'UTC');
  const { run, busy } = useRun(['me', 'tasks', 'counts']);
  const zones = [...new Set([zone, 'UTC', ...Intl.supportedValuesOf('timeZone')])];
  const save = () => {
    const params = { header: { 'If-Match': `"v${user?.version ?? 0}"` } };
    return run(() => answerOf(api.PATCH('/v1/me', { params, body: { name, time_zone: zone } })), 'Saved.');
  };
  return (
    <form
      className="stack form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextInput label="Name" required value={name} onChange={({ currentTarget }) => setName(currentTarget.value)} />
      <TextInput label="Email address" value={user?.email ?? ''} readOnly description="An admin changes it." />
      <Select
        label="Time zone"
        description="What “today” means to you."
        searchable
        allowDeselect={false}
        limit={60}
        data={zones}
        value={zone}
        onChange={(value) => value && setZone(value)}
      />
      <p className="quiet">
        {role === 'admin' ? 'Admin' : 'Member'} of {team.name}
      </p>
      <div className="buttons buttons-left">
        <Button type="submit" loading={busy} disabled={name === user?.name && zone === user?.time_zone}>
          Save
        </Button>
      </div>
    </form>
  );
}
