import { Problem, type ProblemBody } from './problem';

interface Sending {
  /** Path and query. */
  to: string;
  type: string;
  file: File;
  /** From 0 to 1. */
  onProgress(part: number): void;
  signal: AbortSignal;
}

/** Sends a file; `fetch` would not say how much of it has gone. */
export function sendFile<T>({ to, type, file, onProgress, signal }: Sending): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', to);
    request.setRequestHeader('Content-Type', type);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status < 300) return resolve(request.response as T);
      const headers = new Headers({ 'Retry-After': request.getResponseHeader('Retry-After') ?? '' });
      reject(Problem.of(request.status, (request.response as ProblemBody | null) ?? undefined, headers));
    };
    request.onerror = () => reject(Problem.unreachable());
    request.onabort = () => reject(Problem.unreachable());
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
