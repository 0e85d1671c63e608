import type { Schemas } from '../../api/client';
import { sendFile } from '../../api/send-file';
import type { Delimiter } from './csv-head';

export type PeopleImport = Schemas['PeopleImportView'];

interface Upload {
  file: File;
  delimiter: Delimiter;
  /** From 0 to 1. */
  onProgress(part: number): void;
  signal: AbortSignal;
}

export function upload({ delimiter, ...sending }: Upload): Promise<PeopleImport> {
  return sendFile({ to: `/v1/people-imports?delimiter=${delimiter}`, type: 'text/csv', ...sending });
}
