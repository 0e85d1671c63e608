import type { Schemas } from '../../api/client';
import { Problem, type ProblemBody } from '../../api/problem';
import type { Delimiter } from './csv-head';

export type PeopleImport = Schemas['PeopleImportView'];

interface Upload {
  file: File;
  delimiter: Delimiter;
  /** From 0 to 1. */
  onProgress(part: number): void;
  signal: AbortSignal;
}

/** Sends a file; `fetch` would not say how much of it has gone. */
export function upload({ file, delimiter, onProgress, signal }: Upload): Promise<PeopleImport> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/v1/people-imports?delimiter=${delimiter}`);
    request.setRequestHeader('Content-Type', 'text/csv');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status < 300) return resolve(request.response as PeopleImport);
      const headers = new Headers({ 'Retry-After': request.getResponseHeader('Retry-After') ?? '' });
      reject(Problem.of(request.status, (request.response as ProblemBody | null) ?? undefined, headers));
    };
    request.onerror = () => reject(Problem.unreachable());
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
