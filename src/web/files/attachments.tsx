import { ActionIcon, Button, Progress, Switch } from '@mantine/core';
import { IconFile, IconLink, IconPaperclip, IconX } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { type Attached, enclosedBytes, FILE_BYTES_MAX, sizeWords } from './attached';
import { useUploads } from './use-uploads';
import './files.css';

interface AttachmentsProps {
  value: readonly Attached[];
  readOnly?: boolean;
  error?: string | undefined;
  onChange(value: readonly Attached[]): void;
  /** Whether some are still on their way: whoever sends or saves now would leave them behind. */
  onBusy(isBusy: boolean): void;
}

/** The files of what is written: chosen or dropped here, each enclosed or sent as a link. */
export function Attachments({ value, readOnly = false, error, onChange, onBusy }: AttachmentsProps) {
  const { uploads, put, dismiss, add } = useUploads(value, onChange, onBusy);
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const enclosed = enclosedBytes(value);
  if (readOnly && value.length === 0) return null;
  return (
    <section
      className="attachments"
      aria-label="Files"
      data-over={isOver || undefined}
      onDragOver={(event) => {
        if (readOnly || !event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        if (readOnly) return;
        event.preventDefault();
        void add([...event.dataTransfer.files]);
      }}
    >
      {(value.length > 0 || uploads.length > 0) && (
        <ul className="plain-list attached">
          {value.map((one) => (
            <AttachedRow
              key={one.file_id}
              attached={one}
              readOnly={readOnly}
              onTrack={(tracked) => put(value.map((other) => (other === one ? { ...one, tracked } : other)))}
              onRemove={() => put(value.filter((other) => other !== one))}
            />
          ))}
          {uploads.map(({ key, name, part, wrong }) => (
            <li key={key}>
              <IconFile size={17} aria-hidden="true" />
              <span className="attached-name">
                {name}
                {wrong === undefined ? (
                  <Progress size="xs" value={part * 100} aria-label={`${name} is being sent`} />
                ) : (
                  <small className="attached-wrong" role="alert">
                    {wrong}
                  </small>
                )}
              </span>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={wrong === undefined ? `Stop ${name}` : `Dismiss ${name}`}
                onClick={() => dismiss(key)}
              >
                <IconX size={16} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      {!readOnly && (
        <div className="attach">
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPaperclip size={15} aria-hidden="true" />}
            onClick={() => input.current?.click()}
          >
            Attach files
          </Button>
          <span className="quiet">
            {enclosed > 0 ? `${sizeWords(enclosed)} of 20 MB` : 'or drop them here; at most 20 MB in all'}
          </span>
          <input
            ref={input}
            type="file"
            multiple
            className="sr-only"
            tabIndex={-1}
            aria-label="Files to attach"
            onChange={({ currentTarget }) => {
              void add([...(currentTarget.files ?? [])]);
              // The same file can be chosen once more.
              currentTarget.value = '';
            }}
          />
        </div>
      )}
      {enclosed > FILE_BYTES_MAX && (
        <p className="attached-wrong" role="alert">
          More than 20 MB go with no email: send some as a link.
        </p>
      )}
      {error !== undefined && (
        <p className="attached-wrong" role="alert">
          The files {error}.
        </p>
      )}
    </section>
  );
}

interface RowProps {
  attached: Attached;
  readOnly: boolean;
  onTrack(tracked: boolean): void;
  onRemove(): void;
}

function AttachedRow({ attached: { name, size, tracked }, readOnly, onTrack, onRemove }: RowProps) {
  return (
    <li>
      {tracked ? <IconLink size={17} aria-hidden="true" /> : <IconPaperclip size={17} aria-hidden="true" />}
      <span className="attached-name">
        {name} <small className="quiet">{sizeWords(size)}</small>
      </span>
      {readOnly ? (
        tracked && <small className="quiet">As a link</small>
      ) : (
        <>
          <Switch
            size="xs"
            label="As a link"
            aria-label={`Send ${name} as a link`}
            checked={tracked}
            onChange={({ currentTarget }) => onTrack(currentTarget.checked)}
          />
          <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${name}`} onClick={onRemove}>
            <IconX size={16} />
          </ActionIcon>
        </>
      )}
    </li>
  );
}
