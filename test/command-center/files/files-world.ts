import { randomBytes } from 'node:crypto';
import type { FileView } from '../../../src/command-center/files/files.dto.js';
import { bearer, type TestUser } from '../../support/app.js';
import type { World } from '../world.js';

export const MB = 1024 * 1024;

/** Bytes that no codec leaves as they are by chance. */
export const bytesOf = (size: number): Buffer => randomBytes(size);

/** As the page sends a file: its bytes are the body. */
export async function upload(
  world: World,
  user: Pick<TestUser, 'key'>,
  name: string,
  bytes: Buffer,
): Promise<FileView> {
  const { status, body } = await tryUpload(world, user, name, bytes);
  if (status !== 200) throw new Error(`Expected 200, got ${status}: ${JSON.stringify(body)}`);
  return body as FileView;
}

export function tryUpload(world: World, { key }: Pick<TestUser, 'key'>, name: string, bytes: Buffer) {
  return world.app.http
    .post(`/v1/files?name=${encodeURIComponent(name)}`)
    .set({ ...bearer(key), 'Content-Type': 'application/octet-stream' })
    .send(bytes);
}

/** A file as somebody gets it. */
export function download(world: World, path: string, key?: string) {
  return world.app.http
    .get(path)
    .set(key === undefined ? {} : bearer(key))
    .buffer(true)
    .parse((response, done) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part)).on('end', () => done(null, Buffer.concat(parts)));
    });
}
