import { IconLock, IconMailCheck, IconUsersGroup } from '@tabler/icons-react';
import type { TemplateSummary } from './template-query';

/** Who may use and change it, and whom it goes to. */
export function Marks({ template }: { template: TemplateSummary }) {
  const { shared, locked, commercial } = template;
  return (
    <span className="marks">
      {shared && (
        <span className="mark" title="The whole team may use it">
          <IconUsersGroup size={13} aria-hidden="true" /> Shared
        </span>
      )}
      {locked && (
        <span className="mark" title="Only admins change it">
          <IconLock size={13} aria-hidden="true" /> Locked
        </span>
      )}
      {!commercial && (
        <span className="mark" title="Goes to people who unsubscribed, too">
          <IconMailCheck size={13} aria-hidden="true" /> Not commercial
        </span>
      )}
    </span>
  );
}
