import { Autocomplete, Switch, TextInput } from '@mantine/core';
import { TextFields } from '../emails/compose/text-fields';
import { attachedOf, attachedText } from '../files/attached';
import { Attachments } from '../files/attachments';
import { useMe } from '../shell/use-me';
import { useCategories } from './queries';
import type { TemplateDraft } from './template-draft';

interface FieldsProps {
  draft: TemplateDraft;
  /** Shown, not to be changed by this user. */
  readOnly: boolean;
  /** A template that is not there yet has no lock. */
  isNew: boolean;
  fault(field: string): string | undefined;
  set(change: Partial<TemplateDraft>): void;
  /** Whether files are still on their way. */
  onUploading(isUploading: boolean): void;
}

export function TemplateFields({ draft, readOnly, isNew, fault, set, onUploading }: FieldsProps) {
  const { role } = useMe();
  const categories = useCategories();
  const flag = (field: 'shared' | 'commercial' | 'locked') => ({
    disabled: readOnly,
    checked: draft[field] === 'yes',
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
      set({ [field]: currentTarget.checked ? 'yes' : '' }),
  });
  return (
    <>
      <div className="two">
        <TextInput
          label="Name"
          required
          withAsterisk={false}
          maxLength={200}
          readOnly={readOnly}
          value={draft.name}
          error={fault('name')}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
        />
        <Autocomplete
          label="Category"
          placeholder="None"
          maxLength={60}
          readOnly={readOnly}
          data={(categories.data?.data ?? []).map(({ name }) => name)}
          value={draft.category}
          error={fault('category')}
          onChange={(category) => set({ category })}
        />
      </div>
      <TextFields
        subject={draft.subject}
        body={draft.body}
        readOnly={readOnly}
        subjectError={fault('subject')}
        bodyError={fault('body')}
        onChange={set}
      />
      <Attachments
        value={attachedOf(draft.attachments)}
        readOnly={readOnly}
        error={fault('attachments')}
        onChange={(attached) => set({ attachments: attachedText(attached) })}
        onBusy={onUploading}
      />
      <Switch
        label="Share with the team"
        description="Everybody may use and copy it; its owner and admins change it."
        {...flag('shared')}
      />
      <Switch
        label="Commercial"
        description="Switched off, it goes to people who unsubscribed, too: for an invoice, say."
        {...flag('commercial')}
      />
      {role === 'admin' && !isNew && (
        <Switch label="Locked" description="Nobody but an admin changes or deletes it." {...flag('locked')} />
      )}
    </>
  );
}
