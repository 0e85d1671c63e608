import { Alert, Modal, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api, type Schemas } from '../api/client';
import { Failed, PageLoading } from '../ui/states';
import { ConnectForm } from './connect-form';

type Preview = Schemas['OrgSwitchPreview'];

interface SwitchOrgProps {
  connection: Schemas['ConnectionView'];
  onClose(): void;
}

/** Leaving an org for another one: what that means, a confirmation, and the log-in to the other. */
export function SwitchOrg({ connection, onClose }: SwitchOrgProps) {
  const preview = useQuery({
    queryKey: ['sync', 'switch'],
    queryFn: () => answerOf(api.GET('/v1/salesforce/connection/switch')),
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title="Switch to another Salesforce org"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {preview.isPending && <PageLoading />}
      {preview.isError && <Failed error={preview.error} retry={() => void preview.refetch()} />}
      {preview.data && <Confirm connection={connection} preview={preview.data} onClose={onClose} />}
    </Modal>
  );
}

function Confirm({ connection, preview, onClose }: SwitchOrgProps & { preview: Preview }) {
  const [typed, setTyped] = useState('');
  const orgId = preview.org_id ?? '';
  return (
    <div className="stack">
      <p>
        The team leaves <strong>{preview.org_name ?? orgId}</strong>. Nothing is deleted, here or there, and nothing of
        that org goes to the other one.
      </p>
      <ul className="plain-list">
        {linesOf(preview).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <Alert color="gray">
        All this is set aside. If the team comes back to this org, it is used again, and nothing is imported twice.
      </Alert>
      <TextInput
        label="Type the id of the org that you leave"
        description={orgId}
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      {typed.trim() === orgId && <ConnectForm connection={connection} leaveOrg={orgId} onDone={onClose} />}
    </div>
  );
}

/** Pure: what is set aside, in words. */
function linesOf(preview: Preview): string[] {
  const count = (number: number, one: string, many: string) =>
    `${number.toLocaleString()} ${number === 1 ? one : many}`;
  return [
    `${count(preview.linked_tasks, 'task that is in that org leaves', 'tasks that are in that org leave')} everybody’s lists.`,
    `${count(preview.reps_syncing, 'rep is', 'reps are')} turned off: turn them on again for the other org.`,
    `${count(preview.matched_users, 'user is', 'users are')} no longer matched: match them again.`,
    ...(preview.open_conflicts > 0
      ? [`${count(preview.open_conflicts, 'conflict', 'conflicts')} can no longer be restored.`]
      : []),
  ];
}
