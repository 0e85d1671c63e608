import { Checkbox } from '@mantine/core';
import { IconMailOff } from '@tabler/icons-react';
import type { CSSProperties, MouseEvent } from 'react';
import type { Person } from './people-query';

interface RowProps {
  person: Person;
  index: number;
  style: CSSProperties;
  isActive: boolean;
  isSelected: boolean;
  onSelect(isRange: boolean): void;
  onClick(): void;
}

/** What a click on it is for is said by it, not by its row. */
const alone = (event: MouseEvent) => event.stopPropagation();

export function PersonRow({ person, index, style, isActive, isSelected, onSelect, onClick }: RowProps) {
  const { id, name, email, company, title, owner, unsubscribed_at: unsubscribed } = person;
  const classes = ['row', isActive && 'row-active', isSelected && 'row-selected'].filter(Boolean);
  return (
    <div
      id={`person-${id}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={classes.join(' ')}
      style={style}
      onClick={(event) => (event.shiftKey ? onSelect(true) : onClick())}
    >
      <div role="gridcell" className="cell-select" onClick={alone}>
        <Checkbox
          size="xs"
          tabIndex={-1}
          aria-label={`Select ${name}`}
          checked={isSelected}
          onChange={({ nativeEvent }) => onSelect((nativeEvent as unknown as { shiftKey?: boolean }).shiftKey === true)}
        />
      </div>
      <div role="gridcell" className="cell-human">
        <span className="name" title={name}>
          {name}
        </span>
        {unsubscribed !== null && (
          <span className="unsubscribed" title="Wants no commercial emails">
            <IconMailOff size={14} aria-hidden="true" /> Unsubscribed
          </span>
        )}
      </div>
      <div role="gridcell" className="cell-address" title={email ?? undefined}>
        {email}
      </div>
      <div role="gridcell" className="cell-firm" title={company ?? undefined}>
        {company}
      </div>
      <div role="gridcell" className="cell-title" title={title ?? undefined}>
        {title}
      </div>
      <div role="gridcell" className="cell-owner">
        {owner?.name ?? 'Nobody'}
      </div>
    </div>
  );
}
