import type { Call } from './call.js';
import { baseUrl } from './call.js';
import { notFound } from './errors.js';
import type { ObjectType } from './objects/field.js';

interface ListView {
  id: string;
  label: string;
  developerName: string;
  scope: 'everything' | 'mine';
  where: string;
}

/** As an admin of the org has made them. */
const LIST_VIEWS: Readonly<Record<string, readonly ListView[]>> = {
  Lead: [
    {
      id: '00B000000000001EAA',
      label: 'All Open Leads',
      developerName: 'AllOpenLeads',
      scope: 'everything',
      where: 'IsConverted = FALSE',
    },
    {
      id: '00B000000000002EAA',
      label: 'My Web Leads',
      developerName: 'MyWebLeads',
      scope: 'mine',
      where: "LeadSource = 'Web'",
    },
  ],
  Contact: [
    { id: '00B000000000011EAA', label: 'All Contacts', developerName: 'AllContacts', scope: 'everything', where: '' },
    {
      id: '00B000000000012EAA',
      label: 'Contacts with an Address',
      developerName: 'WithAddress',
      scope: 'everything',
      where: 'Email != NULL',
    },
  ],
};

/** `/sobjects/{Object}/listviews` (REST API Developer Guide, List Views). */
export function listViews(call: Call, type: ObjectType): unknown {
  const path = `${baseUrl(call)}/sobjects/${type.name}/listviews`;
  const listviews = (LIST_VIEWS[type.name] ?? []).map(({ id, label, developerName }) => ({
    ...{ describeUrl: `${path}/${id}/describe`, developerName, id, label },
    ...{ resultsUrl: `${path}/${id}/results`, soqlCompatible: true, url: `${path}/${id}` },
  }));
  return { done: true, listviews, nextRecordsUrl: null, size: listviews.length, sobjectType: type.name };
}

/** `/sobjects/{Object}/listviews/{id}/describe`: its query in SOQL. */
export function describeListView(type: ObjectType, id: string): unknown {
  const view = LIST_VIEWS[type.name]?.find((one) => one.id.slice(0, 15) === id.slice(0, 15));
  if (!view) throw notFound();
  const scope = view.scope === 'mine' ? ' USING SCOPE mine' : '';
  const where = view.where === '' ? '' : ` WHERE ${view.where}`;
  const query = `SELECT Name, Id, CreatedDate FROM ${type.name}${scope}${where} ORDER BY Name ASC NULLS FIRST, Id ASC NULLS FIRST`;
  return {
    columns: [],
    id: view.id,
    orderBy: [],
    query,
    scope: view.scope,
    sobjectType: type.name,
    whereCondition: null,
  };
}
