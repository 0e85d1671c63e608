import type { PeopleImportView } from '../../../src/command-center/people/imports/people-imports.dto.js';
import { bearer, type TestUser } from '../../support/app.js';
import type { ProblemBody, World } from '../world.js';

/** A file of people, as the page sends it; whatever the answer is. */
export async function uploadCsv(world: World, by: TestUser | undefined, text: string, query = '') {
  const headers = { ...bearer(String(by?.key)), 'Content-Type': 'text/csv' };
  const { status, body } = await world.app.http.post(`/v1/people-imports${query}`).set(headers).send(text);
  return { status, body: body as PeopleImportView & ProblemBody };
}
