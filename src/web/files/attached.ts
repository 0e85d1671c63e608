import type { Schemas } from '../api/client';

/** A file as an email or a template has it. */
export type Attached = Schemas['AttachmentView'];

/** As the API takes them. */
export const FILE_BYTES_MAX = 20 * 1024 * 1024;
export const FILES_MOST = 20;

/** Pure: what is attached as a text, so that it is compared and kept like everything else that is written. */
export function attachedText(attached: readonly Attached[]): string {
  if (attached.length === 0) return '';
  return JSON.stringify(
    attached.map(({ file_id, name, media_type, size, tracked }) => [file_id, name, media_type, size, tracked]),
  );
}

/** Pure: the other way round. */
export function attachedOf(text: string): Attached[] {
  if (text === '') return [];
  return (JSON.parse(text) as [string, string, string, number, boolean][]).map(
    ([file_id, name, media_type, size, tracked]) => ({ file_id, name, media_type, size, tracked }),
  );
}

/** Pure: as the API is told. */
export function attachmentInputs(attached: readonly Attached[]): Schemas['AttachmentInput'][] {
  return attached.map(({ file_id, tracked }) => ({ file_id, tracked }));
}

/** Pure: how many bytes go with the email; links weigh nothing. */
export function enclosedBytes(attached: readonly Attached[]): number {
  return attached.reduce((sum, { size, tracked }) => sum + (tracked ? 0 : size), 0);
}

export function sizeWords(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024)).toLocaleString('en')} kB`;
  return `${(bytes / 1024 / 1024).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;
}
