import { Button, Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Schemas } from '../../api/client';
import { Problem } from '../../api/problem';
import { Refusal } from './refusal';
import { type Later, scheduleOf, usualTime, type Zones } from './send-time';
import { TimeFields } from './time-fields';

export type When = 'now' | 'later';

interface SendDialogProps {
  /** Undefined: closed. */
  when: When | undefined;
  title: string;
  zones: Zones;
  /** The time that it has already. */
  begin?: Later | undefined;
  busy: boolean;
  wrong: unknown;
  onSend(schedule: Schemas['Schedule']): void;
  onClose(): void;
  children?: ReactNode;
}

/** When it is to leave. */
export function SendDialog(props: SendDialogProps) {
  return (
    <Modal
      opened={props.when !== undefined}
      onClose={props.onClose}
      title={props.title}
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <SendForm {...props} />
    </Modal>
  );
}

function SendForm({ when, zones, begin, busy, wrong, onSend, onClose, children }: SendDialogProps) {
  const [later, setLater] = useState(() => begin ?? usualTime(zones.own, new Date()));
  const fault = (field: string) => (wrong instanceof Problem ? wrong.of(field) : undefined);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        onSend(when === 'now' ? {} : scheduleOf(later));
      }}
    >
      {wrong !== undefined && <Refusal error={wrong} />}
      {children}
      {when === 'later' && <TimeFields later={later} zones={zones} fault={fault} onChange={setLater} />}
      <div className="buttons">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={busy} data-autofocus>
          {when === 'now' ? 'Send now' : 'Schedule'}
        </Button>
      </div>
    </form>
  );
}
