import { IconLink, IconPaperclip } from '@tabler/icons-react';
import { type Attached, sizeWords } from './attached';
import './files.css';

/** The files of an email, to be opened. */
export function AttachedList({ emailId, attached }: { emailId: string; attached: readonly Attached[] }) {
  if (attached.length === 0) return null;
  return (
    <section aria-label="Files">
      <h2 className="small-head">Files</h2>
      <ul className="plain-list attached">
        {attached.map(({ file_id: id, name, size, tracked }) => (
          <li key={id}>
            {tracked ? <IconLink size={17} aria-hidden="true" /> : <IconPaperclip size={17} aria-hidden="true" />}
            <span className="attached-name">
              <a href={`/v1/emails/${emailId}/attachments/${id}`} download={name}>
                {name}
              </a>{' '}
              <small className="quiet">{sizeWords(size)}</small>
            </span>
            {tracked && <small className="quiet">As a link</small>}
          </li>
        ))}
      </ul>
    </section>
  );
}
