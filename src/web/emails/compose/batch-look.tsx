import { ActionIcon } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { attachmentInputs } from '../../files/attached';
import { Preview } from '../preview';
import { type Batch, textFor } from './batch';
import type { Person } from './use-people';

interface BatchLookProps {
  batch: Batch;
  people: readonly Person[];
  /** Whose text is edited; undefined: everybody’s, and one walks through them. */
  chosen: string | undefined;
  onChoose(id: string): void;
}

/** What each of them gets, one after the other. */
export function BatchLook({ batch, people, chosen, onChoose }: BatchLookProps) {
  const [shown] = useDebouncedValue(batch, 400);
  const [place, setPlace] = useState(0);
  const chosenAt = people.findIndex(({ id }) => id === chosen);
  const at = chosenAt >= 0 ? chosenAt : Math.min(place, people.length - 1);
  const person = people[at];
  function step(by: number) {
    const next = (at + by + people.length) % people.length;
    setPlace(next);
    const other = people[next];
    if (chosen !== undefined && other) onChoose(other.id);
  }
  return (
    <section className="compose-look" aria-labelledby="look">
      <div className="look-head">
        <h2 id="look" className="small-head">
          Preview{person && ` for ${person.name}`}
        </h2>
        {people.length > 1 && (
          <span className="look-steps">
            <ActionIcon variant="default" aria-label="The one before" onClick={() => step(-1)}>
              <IconChevronLeft size={17} />
            </ActionIcon>
            <span className="quiet">
              {at + 1} of {people.length}
            </span>
            <ActionIcon variant="default" aria-label="The next one" onClick={() => step(1)}>
              <IconChevronRight size={17} />
            </ActionIcon>
          </span>
        )}
      </div>
      {person ? (
        <Preview
          input={{
            ...{ person_id: person.id, ...textFor(shown, person.id) },
            attachments: attachmentInputs(shown.attachments),
            ...{ template_id: shown.template_id || null, identity_id: shown.identity_id || null },
          }}
          name={person.name}
        />
      ) : (
        <p className="quiet">Choose who gets it: what each of them gets is shown here.</p>
      )}
    </section>
  );
}
