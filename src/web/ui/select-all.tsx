import { Checkbox } from '@mantine/core';

/** The head of the column in which rows are selected. */
export function SelectAll({ count, selected, onAll }: { count: number; selected: number; onAll(): void }) {
  const allSelected = selected > 0 && selected === count;
  return (
    <div role="columnheader" className="cell-select">
      <Checkbox
        size="xs"
        tabIndex={-1}
        aria-label="Select all that are loaded"
        checked={allSelected}
        indeterminate={selected > 0 && !allSelected}
        onChange={onAll}
      />
    </div>
  );
}
