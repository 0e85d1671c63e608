import { describe, expect, it } from '@jest/globals';
import { compositeBody, compositeResults, planWrites } from '../../../src/salesforce/client/composite.js';
import { to18 } from '../../../src/salesforce/client/ids.js';
import type { WriteRequest } from '../../../src/salesforce/client/types.js';

const idOf = (n: number): string => to18(`00T${String(n).padStart(12, '0')}`);
const create = (n: number): WriteRequest => ({ op: 'create', object: 'Task', fields: { Subject: `Task ${n}` } });
const update = (n: number): WriteRequest => ({
  op: 'update',
  object: 'Task',
  id: idOf(n),
  fields: { Subject: `x ${n}` },
});
const remove = (n: number): WriteRequest => ({ op: 'delete', id: idOf(n) });
const many = (count: number, make: (n: number) => WriteRequest) => Array.from({ length: count }, (_, n) => make(n));

describe('planning writes', () => {
  it('is one collection call for up to 200 of one kind', () => {
    const [call, ...others] = planWrites(many(200, create));
    expect(others).toHaveLength(0);
    expect(call).toHaveLength(1);
    expect(call?.[0]).toMatchObject({ method: 'POST', path: '/composite/sobjects' });
  });

  it('is one Composite call of five collections for 1,000', () => {
    const calls = planWrites(many(1_000, update));
    expect(calls).toHaveLength(1);
    expect(calls[0]?.map((part) => part.places.length)).toEqual([200, 200, 200, 200, 200]);
  });

  it('keeps kinds apart and remembers every place', () => {
    const [call = []] = planWrites([remove(1), create(2), update(3), create(4)]);
    expect(call.map(({ method, places }) => [method, places])).toEqual([
      ['POST', [1, 3]],
      ['PATCH', [2]],
      ['DELETE', [0]],
    ]);
    expect(call[2]?.path).toBe(`/composite/sobjects?ids=${idOf(1)}&allOrNone=false`);
  });

  it('refuses what does not fit into a call', () => {
    expect(() => planWrites(many(1_001, create))).toThrow('At most 1000');
    expect(() =>
      planWrites([
        ...many(400, create),
        ...many(400, (n) => update(n)),
        ...many(1, (n) => remove(n + 900)),
        ...many(1, create),
      ]),
    ).toThrow('do not fit');
  });

  it('refuses a record named twice, in whatever case', () => {
    expect(() => planWrites([update(1), { op: 'delete', id: idOf(1).slice(0, 15) }])).toThrow('twice');
  });

  it('sends texts that Composite would read as a reference in calls of their own', () => {
    const tricky: WriteRequest = { op: 'create', object: 'Task', fields: { Subject: 'mail @{part0.id} now' } };
    const calls = planWrites([create(1), tricky, update(2)]);
    expect(calls.map((call) => call.map(({ places }) => places))).toEqual([[[0], [2]], [[1]]]);
  });

  it('cannot be made to write to another object or record by its fields', () => {
    const [call] = planWrites([
      { op: 'update', object: 'Task', id: idOf(1), fields: { id: idOf(2), attributes: { type: 'User' } } },
    ]);
    expect(call?.[0]?.body).toMatchObject({ records: [{ id: idOf(1), attributes: { type: 'Task' } }] });
  });
});

describe('reading a Composite answer', () => {
  const requests = [create(1), update(2), update(3), remove(4)];
  const [call = []] = planWrites(requests);

  it('asks for parts that stand on their own', () => {
    expect(compositeBody(call, '62.0')).toMatchObject({
      allOrNone: false,
      compositeRequest: [
        {
          method: 'POST',
          url: '/services/data/v62.0/composite/sobjects',
          referenceId: 'part0',
          body: { allOrNone: false },
        },
        { method: 'PATCH', referenceId: 'part1' },
        { method: 'DELETE', referenceId: 'part2' },
      ],
    });
  });

  it('gives each record its own result, whatever order the parts come in', () => {
    const results = compositeResults(call, {
      compositeResponse: [
        {
          referenceId: 'part2',
          httpStatusCode: 200,
          body: [{ success: false, errors: [{ statusCode: 'INVALID_CROSS_REFERENCE_KEY', message: 'x', fields: [] }] }],
        },
        {
          referenceId: 'part1',
          httpStatusCode: 200,
          body: [
            { id: idOf(2), success: true, errors: [] },
            {
              id: idOf(3),
              success: false,
              errors: [{ statusCode: 'STRING_TOO_LONG', message: 'long', fields: ['Subject'] }],
            },
          ],
        },
        {
          referenceId: 'part0',
          httpStatusCode: 400,
          body: [{ errorCode: 'INVALID_FIELD', message: 'No such column', fields: ['X__c'] }],
        },
      ],
    });
    expect(results).toMatchObject([
      [{ ok: false, error: { code: 'INVALID_FIELD', fields: ['X__c'], doubtful: false } }],
      [
        { ok: true, id: idOf(2), created: false },
        { ok: false, error: { code: 'STRING_TOO_LONG', kind: 'user' } },
      ],
      // A deletion of what was purged.
      [{ ok: false, error: { kind: 'gone' } }],
    ]);
  });

  it.each([
    [
      'a part is missing',
      { compositeResponse: [{ referenceId: 'part0', httpStatusCode: 200, body: [{ id: idOf(1), success: true }] }] },
    ],
    [
      'results are missing',
      {
        compositeResponse: ['part0', 'part1', 'part2'].map((referenceId) => ({
          referenceId,
          httpStatusCode: 200,
          body: [{ id: idOf(1), success: true }],
        })),
      },
    ],
    ['it is something else', 'OK'],
  ])('is doubtful where %s', (_name, body) => {
    const [, updates] = compositeResults(call, body);
    expect(updates).toHaveLength(2);
    expect(updates).toMatchObject([{ ok: false, error: { doubtful: true, kind: 'retry' } }, { ok: false }]);
  });
});
