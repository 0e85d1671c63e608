import { field, objectType, picklist, READ_ONLY, reference } from './field.js';
import type { Field, ObjectType } from './field.js';
import { PREFIX } from '../ids.js';

const required = { nillable: false };
const owner = (): Field => reference('OwnerId', 'Owner ID', ['User', 'Group'], { nillable: false, defaulted: true });

function personName(): Field[] {
  return [
    field('LastName', 'Last Name', 'string', { ...required, length: 80 }),
    field('FirstName', 'First Name', 'string', { length: 40 }),
    field('Name', 'Full Name', 'string', { ...READ_ONLY, ...required, defaulted: true, length: 121 }),
  ];
}

export function leadType(): ObjectType {
  return objectType({ name: 'Lead', label: 'Lead', prefix: PREFIX.Lead }, [
    ...personName(),
    field('Company', 'Company', 'string', required),
    field('Title', 'Title', 'string', { length: 128 }),
    field('Email', 'Email', 'email'),
    field('Phone', 'Phone', 'phone'),
    field('HasOptedOutOfEmail', 'Email Opt Out', 'boolean'),
    field('Status', 'Status', 'picklist', {
      ...required,
      defaulted: true,
      picklist: picklist(
        { value: 'Open - Not Contacted', label: 'Open - Not Contacted', isDefault: true },
        'Working - Contacted',
        'Closed - Converted',
        'Closed - Not Converted',
      ),
    }),
    leadSource(),
    owner(),
    field('IsConverted', 'Converted', 'boolean', READ_ONLY),
    field('ConvertedDate', 'Converted Date', 'date', READ_ONLY),
    reference('ConvertedAccountId', 'Converted Account ID', ['Account'], READ_ONLY),
    reference('ConvertedContactId', 'Converted Contact ID', ['Contact'], READ_ONLY),
  ]);
}

const leadSource = () =>
  field('LeadSource', 'Lead Source', 'picklist', {
    picklist: picklist('Web', 'Phone Inquiry', 'Partner Referral', 'Other'),
  });

export function contactType(): ObjectType {
  return objectType({ name: 'Contact', label: 'Contact', prefix: PREFIX.Contact }, [
    reference('AccountId', 'Account ID', ['Account']),
    ...personName(),
    field('Title', 'Title', 'string', { length: 128 }),
    field('Email', 'Email', 'email'),
    field('Phone', 'Business Phone', 'phone'),
    field('HasOptedOutOfEmail', 'Email Opt Out', 'boolean'),
    leadSource(),
    owner(),
  ]);
}

export function accountType(): ObjectType {
  return objectType({ name: 'Account', label: 'Account', prefix: PREFIX.Account }, [
    field('Name', 'Account Name', 'string', required),
    field('Industry', 'Industry', 'picklist', {
      picklist: picklist('Banking', 'Energy', 'Healthcare', 'Technology', 'Retail'),
    }),
    field('Phone', 'Account Phone', 'phone'),
    field('Website', 'Website', 'url'),
    owner(),
  ]);
}

export function opportunityType(): ObjectType {
  return objectType(
    { name: 'Opportunity', label: 'Opportunity', labelPlural: 'Opportunities', prefix: PREFIX.Opportunity },
    [
      reference('AccountId', 'Account ID', ['Account']),
      field('Name', 'Name', 'string', { ...required, length: 120 }),
      field('StageName', 'Stage', 'picklist', {
        ...required,
        picklist: picklist(
          'Prospecting',
          'Qualification',
          'Proposal/Price Quote',
          'Negotiation/Review',
          'Closed Won',
          'Closed Lost',
        ),
      }),
      field('Amount', 'Amount', 'currency'),
      field('CloseDate', 'Close Date', 'date', required),
      owner(),
    ],
  );
}

export function userType(): ObjectType {
  return objectType({ name: 'User', label: 'User', prefix: PREFIX.User, deletable: false }, [
    field('Username', 'Username', 'string', { ...required, length: 80 }),
    ...personName(),
    field('Email', 'Email', 'email', { ...required, length: 128 }),
    field('Alias', 'Alias', 'string', { length: 8 }),
    field('Title', 'Title', 'string', { length: 80 }),
    field('IsActive', 'Active', 'boolean'),
    field('UserType', 'User Type', 'picklist', { ...READ_ONLY, length: 40 }),
    field('TimeZoneSidKey', 'Time Zone', 'picklist', { ...required, defaulted: true, length: 40 }),
    field('FederationIdentifier', 'SAML Federation ID', 'string', { length: 512 }),
  ]);
}

/** Only queues are kept: the groups that can own a record. */
export function groupType(): ObjectType {
  return objectType(
    { name: 'Group', label: 'Group', prefix: PREFIX.Group, deletable: false, createable: false, updateable: false },
    [
      field('Name', 'Name', 'string', { ...required, length: 40 }),
      field('DeveloperName', 'Developer Name', 'string', { length: 80 }),
      field('Type', 'Type', 'picklist', { ...required, length: 40 }),
    ],
  );
}

/** What the running user may do: one row, of whoever asks. Read from the users. */
export function userPermissionType(): ObjectType {
  return objectType(
    {
      name: 'UserPermissionAccess',
      label: 'User Permission Access',
      prefix: PREFIX.UserPermissionAccess,
      deletable: false,
      createable: false,
      updateable: false,
      ofRunningUser: true,
    },
    [field('PermissionsViewAllData', 'View All Data', 'boolean', READ_ONLY)],
  );
}

export function organizationType(): ObjectType {
  return objectType(
    {
      name: 'Organization',
      label: 'Organization',
      prefix: PREFIX.Organization,
      deletable: false,
      createable: false,
      updateable: false,
    },
    [
      field('Name', 'Name', 'string', { ...required, length: 80 }),
      field('OrganizationType', 'Edition', 'picklist', { length: 40 }),
      field('IsSandbox', 'Is Sandbox', 'boolean', READ_ONLY),
      field('InstanceName', 'Instance Name', 'string', { length: 5 }),
      field('TimeZoneSidKey', 'Time Zone', 'picklist', { length: 40 }),
    ],
  );
}

/** TaskStatus and TaskPriority: the picklists of the org as rows. */
export function picklistType(name: 'TaskStatus' | 'TaskPriority', label: string): ObjectType {
  const extra =
    name === 'TaskStatus'
      ? field('IsClosed', 'Is Closed', 'boolean', READ_ONLY)
      : field('IsHighPriority', 'Is High Priority', 'boolean', READ_ONLY);
  return objectType({ name, label, prefix: PREFIX[name], deletable: false, createable: false, updateable: false }, [
    field('MasterLabel', 'Master Label', 'string', required),
    field('ApiName', 'API Name', 'string', required),
    field('SortOrder', 'Sort Order', 'int', READ_ONLY),
    field('IsDefault', 'Is Default', 'boolean', READ_ONLY),
    extra,
  ]);
}
