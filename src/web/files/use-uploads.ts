import { useEffect, useRef, useState } from 'react';
import type { Schemas } from '../api/client';
import { Problem, sentenceOf } from '../api/problem';
import { sendFile } from '../api/send-file';
import { type Attached, FILE_BYTES_MAX, FILES_MOST } from './attached';

/** A file on its way to the server, or one that did not come there. */
export interface Upload {
  key: number;
  name: string;
  /** From 0 to 1. */
  part: number;
  /** Why it is not attached, a sentence; undefined: it waits for its turn, or is on its way. */
  wrong?: string;
}

interface Queued {
  key: number;
  file: File;
  stop: AbortController;
}

/** Sends files, one after the other, and attaches each as it arrives. `onBusy`: whether some are still on their way. */
export function useUploads(
  attached: readonly Attached[],
  onChange: (attached: readonly Attached[]) => void,
  onBusy: (isBusy: boolean) => void,
) {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  // Files may arrive before what was attached last is drawn.
  const latest = useRef(attached);
  useEffect(() => {
    latest.current = attached;
  }, [attached]);
  const nextKey = useRef(0);
  const stops = useRef(new Map<number, AbortController>());
  useEffect(() => {
    const running = stops.current;
    // A page that is left sends no more.
    return () => running.forEach((stop) => stop.abort());
  }, []);

  const isBusy = uploads.some(({ wrong }) => wrong === undefined);
  const tellBusy = useRef(onBusy);
  useEffect(() => {
    tellBusy.current = onBusy;
  });
  useEffect(() => tellBusy.current(isBusy), [isBusy]);

  function put(next: readonly Attached[]) {
    latest.current = next;
    onChange(next);
  }
  const update = (key: number, change: Partial<Upload>) =>
    setUploads((before) => before.map((one) => (one.key === key ? { ...one, ...change } : one)));
  function dismiss(key: number) {
    stops.current.get(key)?.abort();
    setUploads((before) => before.filter((one) => one.key !== key));
  }
  async function send({ key, file, stop }: Queued) {
    if (stop.signal.aborted) return;
    const refusal = refusalOf(file, latest.current.length);
    if (refusal !== undefined) return update(key, { wrong: refusal });
    try {
      const made = await sendFile<Schemas['FileView']>({
        ...{ to: `/v1/files?name=${encodeURIComponent(file.name)}`, type: 'application/octet-stream', file },
        ...{ onProgress: (part: number) => update(key, { part }), signal: stop.signal },
      });
      const { id, name, media_type, size } = made;
      put([...latest.current, { file_id: id, name, media_type, size, tracked: false }]);
      dismiss(key);
    } catch (error) {
      const named = error instanceof Problem ? error.of('name') : undefined;
      update(key, { wrong: named === undefined ? sentenceOf(error) : `This file ${named}.` });
    } finally {
      stops.current.delete(key);
    }
  }
  return {
    uploads,
    put,
    dismiss,
    async add(files: readonly File[]) {
      const queued = files.map((file) => ({ key: nextKey.current++, file, stop: new AbortController() }));
      for (const { key, stop } of queued) stops.current.set(key, stop);
      setUploads((before) => [...before, ...queued.map(({ key, file: { name } }) => ({ key, name, part: 0 }))]);
      for (const one of queued) await send(one);
    },
  };
}

function refusalOf({ size }: File, attached: number): string | undefined {
  if (attached >= FILES_MOST) return `An email has at most ${FILES_MOST} files.`;
  if (size === 0) return 'The file is empty.';
  return size > FILE_BYTES_MAX ? 'A file has at most 20 MB.' : undefined;
}
