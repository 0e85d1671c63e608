import { Checkbox } from '@mantine/core';
import type { CSSProperties } from 'react';
import type { Column } from './columns';
import { alone, EmailCell, type QuickAction } from './email-cells';
import { toWords } from './email-words';
import type { Email } from './folders';

interface RowProps {
  email: Email;
  /** From left to right. */
  columns: readonly Column[];
  index: number;
  timeZone: string;
  now: Date;
  style: CSSProperties;
  isActive: boolean;
  isSelected: boolean;
  /** Why the server refused what was just done with it. */
  refusal: string | undefined;
  isOwn: boolean;
  onSelect(isRange: boolean): void;
  onClick(): void;
  onAct(action: QuickAction): void;
}

export function EmailRow(props: RowProps) {
  const { email, index, isActive, isSelected, refusal, onSelect } = props;
  const { name } = toWords(email);
  const classes = [
    'row',
    'email-row',
    isActive && 'row-active',
    isSelected && 'row-selected',
    refusal && 'row-refused',
  ];
  return (
    <div
      id={`email-${email.id}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={classes.filter(Boolean).join(' ')}
      style={props.style}
      onClick={(event) => (event.shiftKey ? onSelect(true) : props.onClick())}
    >
      <div role="gridcell" className="cell-select" onClick={alone}>
        <Checkbox
          size="xs"
          tabIndex={-1}
          aria-label={`Select ${email.subject} to ${name}`}
          checked={isSelected}
          onChange={({ nativeEvent }) => onSelect((nativeEvent as unknown as { shiftKey?: boolean }).shiftKey === true)}
        />
      </div>
      {props.columns.map((column) => (
        <EmailCell key={column} {...props} column={column} />
      ))}
    </div>
  );
}
