import { Button, Popover, Select, TextInput } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { PRIORITY_NAMES, TYPE_NAMES } from './names';
import type { Priority, TaskQuery, TaskType } from './views';

const options = (names: Readonly<Record<string, string>>) =>
  Object.entries(names).map(([value, label]) => ({ value, label }));

/** What narrows a view, and days of one's own. */
export function Filters({ query, show }: { query: TaskQuery; show(changes: Partial<TaskQuery>): void }) {
  const { type, priority, view, from, to } = query;
  const count = [type, priority, view === 'range' || undefined].filter((one) => one !== undefined).length;
  const range = (changes: { from?: string; to?: string }) => {
    const both = { from, to, ...changes };
    // The day that was just chosen stands; one that no longer fits it goes.
    const isReversed = both.from && both.to && both.from > both.to;
    const days = isReversed ? { from: undefined, to: undefined, ...changes } : both;
    show(days.from || days.to ? { ...days, view: 'range' } : { from: undefined, to: undefined, view: 'today' });
  };
  return (
    <Popover position="bottom-end" width={340} withinPortal trapFocus shadow="md">
      <Popover.Target>
        <Button variant="default" leftSection={<IconFilter size={16} />} className="filter-button">
          Filter{count > 0 && ` (${count})`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Filter">
        <div className="stack">
          <Select
            label="Type"
            placeholder="All"
            clearable
            clearButtonProps={{ 'aria-label': 'All types' }}
            comboboxProps={{ withinPortal: false }}
            data={options(TYPE_NAMES)}
            value={type ?? null}
            onChange={(value) => show({ type: (value ?? undefined) as TaskType | undefined })}
          />
          <Select
            label="Priority"
            placeholder="All"
            clearable
            clearButtonProps={{ 'aria-label': 'All priorities' }}
            comboboxProps={{ withinPortal: false }}
            data={options(PRIORITY_NAMES)}
            value={priority ?? null}
            onChange={(value) => show({ priority: (value ?? undefined) as Priority | undefined })}
          />
          <div className="two two-narrow">
            <TextInput
              type="date"
              label="Due from"
              value={from ?? ''}
              onChange={({ currentTarget }) => range({ from: currentTarget.value })}
            />
            <TextInput
              type="date"
              label="Due until"
              value={to ?? ''}
              onChange={({ currentTarget }) => range({ to: currentTarget.value })}
            />
          </div>
          {count > 0 && (
            <Button
              variant="subtle"
              onClick={() =>
                show({
                  type: undefined,
                  priority: undefined,
                  ...(view === 'range' && { view: 'today', from: undefined, to: undefined }),
                })
              }
            >
              Clear the filter
            </Button>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
