import type { Call } from './call.js';
import { baseUrl } from './call.js';
import { isTextual } from './objects/field.js';
import type { Field, ObjectType } from './objects/field.js';

type Json = Record<string, unknown>;

export function describeGlobal(call: Call): Json {
  return {
    encoding: 'UTF-8',
    maxBatchSize: 200,
    sobjects: call.org.catalogue.all().map((type) => summary(call, type)),
  };
}

export function objectInfo(call: Call, type: ObjectType): Json {
  return { objectDescribe: summary(call, type), recentItems: [] };
}

export function describeObject(call: Call, type: ObjectType): Json {
  return {
    ...summary(call, type),
    fields: type.fields.map(describeField),
    childRelationships: [],
    recordTypeInfos: [
      {
        active: true,
        available: true,
        defaultRecordTypeMapping: true,
        master: true,
        name: 'Master',
        recordTypeId: '012000000000000AAA',
      },
    ],
  };
}

function summary(call: Call, type: ObjectType): Json {
  const base = `${baseUrl(call)}/sobjects/${type.name}`;
  return {
    activateable: false,
    createable: type.createable,
    custom: false,
    customSetting: false,
    deletable: type.deletable,
    feedEnabled: true,
    keyPrefix: type.prefix,
    label: type.label,
    labelPlural: type.labelPlural,
    layoutable: true,
    mergeable: false,
    name: type.name,
    queryable: true,
    replicateable: type.deletable,
    retrieveable: true,
    searchable: true,
    triggerable: true,
    undeletable: type.deletable,
    updateable: type.updateable,
    urls: { sobject: base, describe: `${base}/describe`, rowTemplate: `${base}/{ID}` },
  };
}

function describeField(field: Field): Json {
  const isText = isTextual(field.type) || field.type === 'id' || field.type === 'reference';
  return {
    name: field.name,
    label: field.label,
    type: field.type,
    soapType: soapType(field),
    length: field.length,
    byteLength: field.length * 3,
    digits: field.type === 'int' ? 8 : 0,
    precision: field.type === 'double' || field.type === 'currency' ? 18 : 0,
    scale: field.type === 'currency' ? 2 : 0,
    nillable: field.nillable,
    createable: field.createable,
    updateable: field.updateable,
    defaultedOnCreate: field.defaulted,
    defaultValue: field.type === 'boolean' ? false : null,
    custom: field.custom,
    externalId: field.externalId,
    idLookup: field.externalId || field.type === 'id',
    unique: field.unique,
    caseSensitive: false,
    nameField: field.name === 'Name' || field.name === 'Subject',
    autoNumber: false,
    calculated: false,
    calculatedFormula: null,
    filterable: field.type !== 'textarea',
    sortable: field.type !== 'textarea',
    groupable: isText && field.type !== 'textarea',
    permissionable: field.nillable,
    restrictedPicklist: field.restricted,
    dependentPicklist: false,
    picklistValues: field.picklist.map((p) => ({
      active: true,
      defaultValue: p.isDefault,
      label: p.label,
      validFor: null,
      value: p.value,
    })),
    referenceTo: field.referenceTo,
    relationshipName: field.relationship,
    polymorphicForeignKey: field.referenceTo.length > 1,
    namePointing: field.referenceTo.length > 1,
    inlineHelpText: null,
    deprecatedAndHidden: false,
    htmlFormatted: false,
    encrypted: false,
  };
}

function soapType(field: Field): string {
  switch (field.type) {
    case 'id':
    case 'reference':
      return 'tns:ID';
    case 'boolean':
    case 'int':
    case 'double':
    case 'date':
      return `xsd:${field.type}`;
    case 'currency':
      return 'xsd:double';
    case 'datetime':
      return 'xsd:dateTime';
    default:
      return 'xsd:string';
  }
}
