/** What the org knows about a field: the ground for tables, describe, SOQL and write checks alike. */

export type FieldType =
  | 'id'
  | 'reference'
  | 'string'
  | 'textarea'
  | 'combobox'
  | 'picklist'
  | 'email'
  | 'phone'
  | 'url'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'date'
  | 'datetime';

export interface PicklistValue {
  value: string;
  label: string;
  isDefault: boolean;
  isClosed?: boolean;
  isHighPriority?: boolean;
}

export interface Field {
  name: string;
  label: string;
  type: FieldType;
  /** The column in the object's table; fields added later live in its `custom` jsonb column under their name. */
  column: string;
  inCustomJson: boolean;
  length: number;
  nillable: boolean;
  createable: boolean;
  updateable: boolean;
  /** The org fills it in when a create leaves it out. */
  defaulted: boolean;
  referenceTo: string[];
  relationship: string | null;
  picklist: PicklistValue[];
  /** Values outside the picklist are refused. */
  restricted: boolean;
  externalId: boolean;
  unique: boolean;
  custom: boolean;
}

export interface ObjectType {
  name: string;
  label: string;
  labelPlural: string;
  prefix: string;
  table: string;
  fields: Field[];
  /** Field by lower-cased name: Salesforce ignores case in names. */
  byName: Map<string, Field>;
  createable: boolean;
  updateable: boolean;
  /** Has a recycle bin (IsDeleted, undelete). */
  deletable: boolean;
  hasOwner: boolean;
  /** A view of the users: everybody finds their own row and no other. */
  ofRunningUser: boolean;
}

export type Row = Record<string, unknown> & { id: string };

type Traits = Partial<Omit<Field, 'name' | 'label' | 'type'>>;

export function field(name: string, label: string, type: FieldType, traits: Traits = {}): Field {
  return {
    name,
    label,
    type,
    column: snakeCase(name),
    inCustomJson: false,
    length: defaultLength(type),
    nillable: type !== 'boolean',
    createable: true,
    updateable: true,
    defaulted: type === 'boolean',
    referenceTo: [],
    relationship: null,
    picklist: [],
    restricted: false,
    externalId: false,
    unique: false,
    custom: name.endsWith('__c'),
    ...traits,
  };
}

export function reference(name: string, label: string, to: string[], traits: Traits = {}): Field {
  const relationship = name.replace(/Id$/, '');
  return field(name, label, 'reference', { referenceTo: to, relationship, ...traits });
}

export const READ_ONLY: Traits = { createable: false, updateable: false };

export function picklist(...values: (string | PicklistValue)[]): PicklistValue[] {
  return values.map((v) => (typeof v === 'string' ? { value: v, label: v, isDefault: false } : v));
}

/** The fields that Salesforce keeps itself, on every object. */
export function systemFields(): Field[] {
  const stamp: Traits = { ...READ_ONLY, nillable: false, defaulted: true };
  return [
    field('CreatedDate', 'Created Date', 'datetime', stamp),
    reference('CreatedById', 'Created By ID', ['User'], stamp),
    field('LastModifiedDate', 'Last Modified Date', 'datetime', stamp),
    reference('LastModifiedById', 'Last Modified By ID', ['User'], stamp),
    field('SystemModstamp', 'System Modstamp', 'datetime', stamp),
  ];
}

type ObjectTraits = Pick<ObjectType, 'name' | 'label' | 'prefix'> &
  Partial<Pick<ObjectType, 'labelPlural' | 'createable' | 'updateable' | 'deletable' | 'ofRunningUser'>>;

export function objectType(traits: ObjectTraits, own: Field[]): ObjectType {
  const deletable = traits.deletable ?? true;
  const id = field('Id', `${traits.label} ID`, 'id', { ...READ_ONLY, nillable: false, defaulted: true });
  const deleted = field('IsDeleted', 'Deleted', 'boolean', READ_ONLY);
  const fields = [id, ...(deletable ? [deleted] : []), ...own, ...systemFields()];
  return {
    labelPlural: `${traits.label}s`,
    createable: true,
    updateable: true,
    ofRunningUser: false,
    ...traits,
    deletable,
    table: `sf_${snakeCase(traits.name)}`,
    fields,
    byName: new Map(fields.map((f) => [f.name.toLowerCase(), f])),
    hasOwner: own.some((f) => f.name === 'OwnerId'),
  };
}

export function isTextual(type: FieldType): boolean {
  switch (type) {
    case 'string':
    case 'textarea':
    case 'combobox':
    case 'picklist':
    case 'email':
    case 'phone':
    case 'url':
      return true;
    case 'id':
    case 'reference':
    case 'boolean':
    case 'int':
    case 'double':
    case 'currency':
    case 'date':
    case 'datetime':
      return false;
  }
}

/** The column type in Postgres. Ids compare byte by byte, so that their order is the order of creation. */
export function sqlType(type: FieldType): string {
  switch (type) {
    case 'boolean':
      return 'boolean';
    case 'int':
      return 'integer';
    case 'double':
    case 'currency':
      return 'double precision';
    case 'date':
      return 'date';
    case 'datetime':
      return 'timestamptz';
    case 'id':
    case 'reference':
      return 'text COLLATE "C"';
    case 'string':
    case 'textarea':
    case 'combobox':
    case 'picklist':
    case 'email':
    case 'phone':
    case 'url':
      return 'text';
  }
}

function defaultLength(type: FieldType): number {
  switch (type) {
    case 'id':
    case 'reference':
      return 18;
    case 'email':
      return 80;
    case 'phone':
      return 40;
    case 'string':
    case 'combobox':
    case 'picklist':
    case 'url':
      return 255;
    case 'textarea':
      return 32_000;
    case 'boolean':
    case 'int':
    case 'double':
    case 'currency':
    case 'date':
    case 'datetime':
      return 0;
  }
}

function snakeCase(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
}
