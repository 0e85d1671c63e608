import { field } from './field.js';
import type { Field, FieldType, ObjectType, PicklistValue } from './field.js';
import {
  accountType,
  contactType,
  groupType,
  leadType,
  opportunityType,
  organizationType,
  picklistType,
  userPermissionType,
  userType,
} from './people.js';
import { KEY_FIELD, keyField, taskType } from './task.js';

/** A field that the org's admin added or took away; the rows of `sf_custom_field`. */
export interface CustomField {
  object: string;
  name: string;
  label: string;
  type: FieldType;
  length: number;
  externalId: boolean;
  unique: boolean;
}

/** All objects of the org, with the custom fields and picklists that it has at the moment. */
export class Catalogue {
  private readonly types: Map<string, ObjectType>;
  private readonly byPrefix: Map<string, ObjectType>;

  constructor(customFields: CustomField[], statuses: PicklistValue[], priorities: PicklistValue[]) {
    const all = objectTypes();
    for (const type of all) adaptFields(type, customFields);
    const task = all.find((t) => t.name === 'Task');
    const setValues = (name: string, values: PicklistValue[]): void => {
      const target = task?.byName.get(name);
      if (target) target.picklist = values;
    };
    setValues('status', statuses);
    setValues('priority', priorities);
    this.types = new Map(all.map((t) => [t.name.toLowerCase(), t]));
    this.byPrefix = new Map(all.map((t) => [t.prefix, t]));
  }

  all(): ObjectType[] {
    return [...this.types.values()];
  }

  find(name: string): ObjectType | undefined {
    return this.types.get(name.toLowerCase());
  }

  get(name: string): ObjectType {
    const type = this.find(name);
    if (!type) throw new Error(`no object ${name}`);
    return type;
  }

  ofId(id: string): ObjectType | undefined {
    return this.byPrefix.get(id.slice(0, 3));
  }
}

export function objectTypes(): ObjectType[] {
  return [
    taskType(),
    leadType(),
    contactType(),
    accountType(),
    opportunityType(),
    userType(),
    userPermissionType(),
    groupType(),
    organizationType(),
    picklistType('TaskStatus', 'Task Status Value'),
    picklistType('TaskPriority', 'Task Priority Value'),
  ];
}

function adaptFields(type: ObjectType, customFields: CustomField[]): void {
  const own = customFields.filter((c) => c.object === type.name);
  type.fields = [...type.fields.filter((f) => !f.custom), ...own.map(toField)];
  type.byName = new Map(type.fields.map((f) => [f.name.toLowerCase(), f]));
}

function toField(custom: CustomField): Field {
  if (custom.object === 'Task' && custom.name === KEY_FIELD) return keyField(custom);
  return field(custom.name, custom.label, custom.type, {
    inCustomJson: true,
    column: custom.name,
    length: custom.length,
    externalId: custom.externalId,
    unique: custom.unique,
  });
}
