import { Button, Menu, Textarea, TextInput } from '@mantine/core';
import { IconBraces } from '@tabler/icons-react';
import { type RefObject, useRef } from 'react';
import { DYNAMIC_FIELDS } from './dynamic-fields';

interface TextFieldsProps {
  subject: string;
  body: string;
  /** Shown, not to be changed now. */
  readOnly?: boolean;
  subjectError?: string | undefined;
  bodyError?: string | undefined;
  onChange(change: { subject?: string; body?: string }): void;
}

type Box = HTMLInputElement | HTMLTextAreaElement;

/** Subject and text, as source: plain, or HTML; and dynamic fields, put where the cursor was. */
export function TextFields({ subject, body, readOnly = false, subjectError, bodyError, onChange }: TextFieldsProps) {
  const subjectBox = useRef<HTMLInputElement>(null);
  const bodyBox = useRef<HTMLTextAreaElement>(null);
  const lastBox = useRef<'subject' | 'body'>('body');

  function insert(text: string, isOfBody: boolean) {
    const field = isOfBody ? 'body' : lastBox.current;
    const box: RefObject<Box | null> = field === 'subject' ? subjectBox : bodyBox;
    const value = field === 'subject' ? subject : body;
    const { selectionStart: from, selectionEnd: to } = box.current ?? {};
    const start = from ?? value.length;
    onChange({ [field]: value.slice(0, start) + text + value.slice(to ?? start) });
    setTimeout(() => {
      box.current?.focus();
      box.current?.setSelectionRange(start + text.length, start + text.length);
    });
  }
  return (
    <>
      <TextInput
        ref={subjectBox}
        label="Subject"
        required
        withAsterisk={false}
        maxLength={500}
        readOnly={readOnly}
        value={subject}
        error={subjectError}
        onFocus={() => (lastBox.current = 'subject')}
        onChange={({ currentTarget }) => onChange({ subject: currentTarget.value })}
      />
      <div className="body-field">
        <Textarea
          ref={bodyBox}
          label="Text"
          description="Plain text, or HTML"
          autosize
          minRows={10}
          maxRows={28}
          readOnly={readOnly}
          value={body}
          error={bodyError}
          onFocus={() => (lastBox.current = 'body')}
          onChange={({ currentTarget }) => onChange({ body: currentTarget.value })}
        />
        <Menu position="bottom-end" withinPortal returnFocus={false}>
          <Menu.Target>
            <Button
              className="insert-field"
              size="compact-sm"
              variant="default"
              disabled={readOnly}
              leftSection={<IconBraces size={15} aria-hidden="true" />}
            >
              Insert a field
            </Button>
          </Menu.Target>
          <Menu.Dropdown className="field-menu">
            {DYNAMIC_FIELDS.map(({ label, text, isOfBody = false }) => (
              <Menu.Item key={text} onClick={() => insert(text, isOfBody)}>
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
    </>
  );
}
