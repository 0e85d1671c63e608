import { SalesforceError } from './errors.js';
import { assertFits } from './soql.js';

/** What Salesforce answers to a query. */
export interface QueryAnswer<Row> {
  totalSize: number;
  done: boolean;
  nextRecordsUrl?: string;
  records: Row[];
}

export function queryPath(soql: string, deletedToo: boolean): string {
  const oneLine = soql.trim().replace(/\s*\n\s*/g, ' ');
  assertFits(oneLine);
  return `/${deletedToo ? 'queryAll' : 'query'}?q=${encodeURIComponent(oneLine)}`;
}

/** The answer's rows and those of all that follow. Ends only when every announced row has come; else it throws. */
export async function* followPages<Row>(
  first: QueryAnswer<Row>,
  maxRows: number,
  next: (path: string) => Promise<QueryAnswer<Row>>,
): AsyncGenerator<Row[]> {
  const announced = check(first).totalSize;
  if (announced > maxRows) {
    throw new Error(`A query finds ${announced} rows, where ${maxRows} are the most: give it a LIMIT or cut it.`);
  }
  let seen = 0;
  for (let answer = first; ;) {
    seen += answer.records.length;
    if (seen > announced) throw incomplete(`more than the announced ${announced} rows came`);
    yield answer.records;
    if (answer.done) break;
    if (answer.nextRecordsUrl === undefined) throw incomplete('a page that is not the last names no next one');
    if (answer.records.length === 0) throw incomplete('a page that is not the last is empty');
    answer = check(await next(answer.nextRecordsUrl));
  }
  if (seen !== announced) throw incomplete(`${announced} rows were announced, ${seen} came`);
}

function check<Row>(answer: QueryAnswer<Row>): QueryAnswer<Row> {
  const readable =
    typeof answer === 'object' &&
    answer !== null &&
    Number.isSafeInteger(answer.totalSize) &&
    typeof answer.done === 'boolean' &&
    Array.isArray(answer.records);
  if (readable) return answer;
  throw new SalesforceError({ code: 'UNREADABLE_ANSWER', message: 'This is no answer to a query.', kind: 'retry' });
}

function incomplete(what: string): SalesforceError {
  return new SalesforceError({
    code: 'INCOMPLETE_RESULT',
    message: `The result of a query is incomplete: ${what}.`,
    kind: 'retry',
  });
}
