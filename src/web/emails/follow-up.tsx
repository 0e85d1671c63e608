import { Button, Menu } from '@mantine/core';
import { IconBrandLinkedin, IconChecklist, IconChevronDown, IconMail, IconPhone } from '@tabler/icons-react';
import { useState } from 'react';
import { useMe } from '../shell/use-me';
import { AddTask, type TaskAfter } from '../tasks/add-task';
import { todayIn } from '../tasks/due';
import { useUsers } from '../tasks/queries';
import type { TaskType } from '../tasks/views';
import type { EmailDetail } from './folders';

export const TASK_NAMES: Readonly<Record<TaskType, string>> = {
  ...{ call: 'Call', email: 'Email task', inmail: 'InMail', custom: 'Task' },
};

interface FollowUpProps {
  email: EmailDetail;
  busy: boolean;
  /** Another email in its thread; undefined: it was not sent. */
  onWrite: (() => void) | undefined;
}

/** What comes after an email: another one, a call, an InMail, or whatever is to be done. */
export function FollowUp({ email, busy, onWrite }: FollowUpProps) {
  const { time_zone: timeZone } = useMe();
  const users = useUsers();
  const [after, setAfter] = useState<TaskAfter>();
  const { id: emailId, person, to_name: name } = email;
  const ask = (type: TaskType, task: string) => () => setAfter({ emailId, type, name: task, person });
  return (
    <>
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <Button
            loading={busy}
            variant={onWrite ? 'filled' : 'default'}
            rightSection={<IconChevronDown size={16} aria-hidden="true" />}
          >
            Follow up
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {onWrite && (
            <Menu.Item leftSection={<IconMail size={16} aria-hidden="true" />} onClick={onWrite}>
              Write in this thread
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconPhone size={16} aria-hidden="true" />}
            onClick={ask('call', `Call ${name} about “${email.subject}”`)}
          >
            Call
          </Menu.Item>
          <Menu.Item
            leftSection={<IconBrandLinkedin size={16} aria-hidden="true" />}
            onClick={ask('inmail', `Write an InMail to ${name}`)}
          >
            InMail
          </Menu.Item>
          <Menu.Item
            leftSection={<IconChecklist size={16} aria-hidden="true" />}
            onClick={ask('custom', `Follow up on “${email.subject}”`)}
          >
            Task
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <AddTask
        opened={after !== undefined}
        onClose={() => setAfter(undefined)}
        today={todayIn(timeZone, new Date())}
        users={(users.data?.data ?? []).filter(({ active }) => active)}
        after={after}
      />
    </>
  );
}
