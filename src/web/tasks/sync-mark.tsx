import { Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconClock, IconCloudCheck, IconCloudOff } from '@tabler/icons-react';
import type { Task } from './lists';

const STATES = {
  synced: { text: 'In step with Salesforce', Icon: IconCloudCheck, tone: 'good' },
  waiting: { text: 'On its way to Salesforce', Icon: IconClock, tone: 'waiting' },
  problem: { text: 'Salesforce refused it: open it to see why', Icon: IconAlertTriangle, tone: 'bad' },
  deleted: { text: 'Deleted in Salesforce', Icon: IconCloudOff, tone: 'off' },
  off: { text: 'Frozen: its owner’s sync is off', Icon: IconCloudOff, tone: 'off' },
} as const;

/** How the task stands with Salesforce; nothing where it is only here. */
export function SyncMark({ task }: { task: Pick<Task, 'salesforce'> }) {
  if (!task.salesforce) return null;
  const { text, Icon, tone } = STATES[task.salesforce.state];
  return (
    <Tooltip label={text}>
      <Icon size={18} className={`mark mark-${tone}`} role="img" aria-label={text} />
    </Tooltip>
  );
}
