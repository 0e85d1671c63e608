import { Button, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import { CUSTOM, customNames, fieldName, type PersonDraft } from './person-draft';

interface CustomProps {
  draft: PersonDraft;
  fault: string | undefined;
  set(change: PersonDraft): void;
}

/** The team's own fields, as texts of emails name them; an emptied one is gone once it is saved. */
export function CustomFields({ draft, fault, set }: CustomProps) {
  const [typed, setTyped] = useState<string>();
  const names = customNames(draft);
  const name = fieldName(typed ?? '');
  const isTaken = name !== undefined && names.includes(name);
  function add() {
    if (name === undefined || isTaken) return;
    set({ [CUSTOM + name]: '' });
    setTyped(undefined);
    // The new input is drawn first.
    setTimeout(() => document.getElementById(`custom-${name}`)?.focus());
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Enter') add();
    if (event.key === 'Escape') setTyped(undefined);
  }
  return (
    <section aria-label="Own fields" className="own-fields">
      <h2 className="small-head">Own fields</h2>
      {names.length === 0 && typed === undefined && (
        <p className="quiet">What else you know of them, for your emails: an industry, a contract’s end.</p>
      )}
      {fault !== undefined && <p className="bad">Own fields {fault}.</p>}
      {names.map((field) => (
        <TextInput
          key={field}
          id={`custom-${field}`}
          label={<code>{`{{custom.${field}}}`}</code>}
          maxLength={1_000}
          value={draft[CUSTOM + field] ?? ''}
          onChange={({ currentTarget }) => set({ [CUSTOM + field]: currentTarget.value })}
        />
      ))}
      {typed === undefined ? (
        <div>
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconPlus size={15} aria-hidden="true" />}
            onClick={() => setTyped('')}
          >
            Add a field
          </Button>
        </div>
      ) : (
        <div className="inline inline-top">
          <TextInput
            label="Name of the new field"
            description={name ? `{{custom.${name}}}` : 'Letters, digits and _, a letter first'}
            autoFocus
            value={typed}
            error={isTaken ? 'They have this field already' : undefined}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            onKeyDown={onKeyDown}
          />
          <Button variant="default" disabled={name === undefined || isTaken} onClick={add}>
            Add field
          </Button>
        </div>
      )}
    </section>
  );
}
