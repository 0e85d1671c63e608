import { Button, Modal, Select } from '@mantine/core';
import { useState } from 'react';
import { answerOf, api, type Schemas } from '../api/client';
import { useRun } from '../ui/use-run';

interface ChooseMatchProps {
  user: { id: string; name: string };
  /** Everybody in the org, each with ours where there is one. */
  there: Schemas['OrgUserList']['data'];
  onClose(): void;
}

const SHOWN = 50;

/** Says by hand who somebody is in Salesforce: where the matching found nobody, or the wrong one. */
export function ChooseMatch({ user, there, onClose }: ChooseMatchProps) {
  const { run, busy } = useRun(['sync', 'status']);
  const present = there.find(({ user_id: id }) => id === user.id);
  const [chosen, setChosen] = useState<string | null>(present?.id ?? null);
  const free = there.filter(({ user_id: id }) => id === null || id === user.id);
  async function save() {
    if (chosen === null) return;
    const params = { path: { userId: user.id } };
    const body = { salesforce_user_id: chosen };
    const done = await run(
      () => answerOf(api.PUT('/v1/salesforce/users/{userId}/match', { params, body })),
      ({ salesforce_user: to }) => `${user.name} is ${to.username}.`,
    );
    if (done) onClose();
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Who is ${user.name} in Salesforce?`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className="stack">
        <Select
          label="Salesforce user"
          description="Whoever it is may sign in here as them."
          searchable
          limit={SHOWN}
          data={free.map(({ id, name, username }) => ({ value: id, label: `${name} · ${username}` }))}
          value={chosen}
          onChange={setChosen}
        />
        <div className="buttons">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={busy} disabled={chosen === null} onClick={() => void save()}>
            Save
          </Button>
        </div>
      </div>
    </Modal>
  );
}
