import type { WriteRequest } from '../../src/salesforce/client/salesforce-client.js';
import type { ModelWorld } from './model-world.js';
import type { EditInBetween } from './worker-line.js';

/**
 * Writes whose answers were lost and that Salesforce has yet to carry out, behind whatever comes after them. An edit
 * there that such a write covers falls between our reading and our writing, however long that takes.
 */
export class LateWrites {
  /** Values that came late: they may come back although nobody meant them any more. */
  readonly values = new Set<string>();
  private waiting: { request: WriteRequest; covered: EditInBetween[] }[] = [];

  add(requests: readonly WriteRequest[]): void {
    this.waiting.push(...requests.map((request) => ({ request, covered: [] })));
  }

  edited(edit: EditInBetween): void {
    for (const { request, covered } of this.waiting) {
      if (request.op === 'create' || request.id !== edit.salesforceId) continue;
      if (request.op === 'delete' || edit.field in request.fields) covered.push(edit);
    }
  }

  async commit(world: ModelWorld): Promise<void> {
    const as = `as/${world.integrationUserId}/sobjects/Task`;
    for (const { request, covered } of this.waiting.splice(0)) {
      for (const edit of covered) edit.overwritten();
      if (request.op === 'create') await world.control('POST', as, request.fields);
      if (request.op === 'update') {
        await world.control('PATCH', `${as}/${request.id}`, request.fields);
        for (const value of Object.values(request.fields)) this.values.add(String(value));
      }
      if (request.op === 'delete') await world.control('DELETE', `${as}/${request.id}`);
    }
  }
}
