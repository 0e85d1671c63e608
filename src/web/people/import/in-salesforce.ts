import type { Schemas } from '../../api/client';

/** What is asked for, as its inputs hold it. */
export interface Asked {
  leads: boolean;
  contacts: boolean;
  ofAnybody: boolean;
  listView: string | null;
  /** YYYY-MM-DD */
  since: string;
  company: string;
  title: string;
}

export const NOTHING_ASKED: Asked = {
  ...{ leads: true, contacts: true, ofAnybody: false, listView: null },
  ...{ since: '', company: '', title: '' },
};

/** Pure: as the API takes it; undefined: neither leads nor contacts. */
export function inputOf(asked: Asked): Schemas['PeopleInSalesforce'] | undefined {
  const { leads, contacts, ofAnybody, listView, since, company, title } = asked;
  const objects = [...(leads ? (['Lead'] as const) : []), ...(contacts ? (['Contact'] as const) : [])];
  if (objects.length === 0) return undefined;
  return {
    ...{ objects, owned: !ofAnybody },
    ...(listView !== null && { list_view_id: listView }),
    ...(since !== '' && { created_since: `${since}T00:00:00Z` }),
    ...(company.trim() !== '' && { company: company.trim() }),
    ...(title.trim() !== '' && { title: title.trim() }),
  };
}

/** Pure: "12 leads and 3 contacts are there." */
export function countWords(counts: Schemas['PeopleInSalesforceCount'] | undefined): string {
  if (counts === undefined) return 'Looking how many there are …';
  const parts = [
    ...(counts.Lead === undefined ? [] : [partWords(counts.Lead, 'lead')]),
    ...(counts.Contact === undefined ? [] : [partWords(counts.Contact, 'contact')]),
  ];
  return `${parts.join(' and ')} found.`;
}

const partWords = (count: number, what: string) => `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
