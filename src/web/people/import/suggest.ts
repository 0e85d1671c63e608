import { fieldName } from '../person-draft';

export const FIELD_NAMES: Readonly<Record<string, string>> = {
  name: 'Name',
  email: 'Email address',
  first_name: 'First name',
  last_name: 'Last name',
  title: 'Title',
  company: 'Company',
  phone: 'Phone',
  source: 'Source',
  time_zone: 'Time zone',
  salesforce_id: 'Salesforce ID of a lead or contact',
  unsubscribed: 'Unsubscribed (yes or no)',
};

/** Headers as other products write them, without what is no letter. */
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  name: ['name', 'fullname', 'contact', 'contactname', 'person', 'leadname'],
  email: ['email', 'emailaddress', 'mail', 'mailaddress', 'workemail', 'businessemail', 'primaryemail', 'address'],
  first_name: ['firstname', 'first', 'givenname', 'forename', 'vorname', 'prenom'],
  last_name: ['lastname', 'last', 'surname', 'familyname', 'nachname', 'nom'],
  title: ['title', 'jobtitle', 'position', 'role', 'function', 'funktion', 'poste'],
  company: ['company', 'companyname', 'account', 'accountname', 'organization', 'organisation', 'firma', 'employer'],
  phone: ['phone', 'phonenumber', 'telephone', 'mobile', 'mobilephone', 'businessphone', 'telefon', 'tel'],
  salesforce_id: ['salesforceid', 'leadid', 'contactid', 'recordid', 'sfid', 'sfdcid'],
  unsubscribed: ['unsubscribed', 'optedout', 'emailoptout', 'hasoptedoutofemail', 'optout', 'donotemail'],
  source: ['source', 'leadsource', 'origin', 'herkunft', 'quelle'],
  time_zone: ['timezone', 'zone', 'zeitzone'],
};

const lettersOf = (header: string) =>
  header
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');

/** Header → field; an empty field: the column is left out. */
export type Columns = Readonly<Record<string, string>>;

/** Pure: what the columns are by their headers; each field once, the rest left out. */
export function suggested(headers: readonly string[]): Columns {
  const taken = new Set<string>();
  const columns = headers
    .filter((header) => header !== '')
    .map((header) => {
      const letters = lettersOf(header);
      const field = Object.keys(HEADERS).find((name) => HEADERS[name]?.includes(letters) && !taken.has(name)) ?? '';
      taken.add(field);
      return [header, field] as const;
    });
  return Object.fromEntries(columns);
}

/** Pure: what a column can be, its own field under its own name last. */
export function choicesFor(header: string, present: string): { value: string; label: string }[] {
  const known = Object.entries(FIELD_NAMES).map(([value, label]) => ({ value, label }));
  const name = fieldName(header);
  const own = [...new Set([name === undefined ? '' : `custom.${name}`, present])].filter((one) =>
    one.startsWith('custom.'),
  );
  return [...known, ...own.map((value) => ({ value, label: `Own field ${value.slice('custom.'.length)}` }))];
}

/** Pure: what is sent. */
export function chosenColumns(columns: Columns): Record<string, string> {
  return Object.fromEntries(Object.entries(columns).filter(([, field]) => field !== ''));
}

/** Pure: why it cannot begin like this. */
export function columnsProblem(columns: Columns): string | undefined {
  const fields = Object.values(chosenColumns(columns));
  const twice = fields.find((field, at) => fields.indexOf(field) !== at);
  if (twice !== undefined) return `Two columns are ${FIELD_NAMES[twice] ?? twice}: leave one of them out.`;
  const named = ['name', 'email', 'first_name', 'last_name'];
  if (!fields.some((field) => named.includes(field))) return 'Say which column is the name or the email address.';
  return undefined;
}
