import { makeId, PREFIX } from '../ids.js';
import { wholeSeconds } from '../time.js';
import type { SeedRow } from './copy.js';
import type { Random } from './random.js';
import {
  COMPANY_KINDS,
  COMPANY_STEMS,
  FIRST_NAMES,
  INDUSTRIES,
  LAST_NAMES,
  OPPORTUNITY_STAGES,
  TITLES,
} from './words.js';

export const REPS = 10;
const DAY = 86_400_000;

const TEAM: readonly (readonly [string | null, string, string, string])[] = [
  ['Integration', 'User', 'Integration', 'UTC'],
  ['Alice', 'Morgan', 'Account Executive', 'America/New_York'],
  ['Bob', 'Keller', 'Account Executive', 'America/Chicago'],
  ['Carla', 'Núñez', 'Account Executive', 'America/Los_Angeles'],
  ['David', "O'Connor", 'Account Executive', 'Europe/Dublin'],
  ['Elena', 'Petrova', 'Account Executive', 'Europe/Berlin'],
  ['Farid', 'Rahimi', 'Account Executive', 'Europe/Paris'],
  ['Grace', 'Okonkwo', 'Sales Development Rep', 'Africa/Lagos'],
  ['Haruto', '佐藤', 'Sales Development Rep', 'Asia/Tokyo'],
  ['Isla', 'Thomson', 'Sales Development Rep', 'Australia/Sydney'],
  ['João', 'Almeida', 'Sales Development Rep', 'America/Sao_Paulo'],
  ['Former', 'Colleague', 'Account Executive', 'UTC'],
];

export const ADMIN_ID = makeId(PREFIX.User, 1);
export const REP_IDS = Array.from({ length: REPS }, (_, i) => makeId(PREFIX.User, i + 2));
export const INACTIVE_ID = makeId(PREFIX.User, REPS + 2);
export const QUEUE_ID = makeId(PREFIX.Group, 1);

export interface People {
  users: SeedRow[];
  groups: SeedRow[];
  accounts: SeedRow[];
  contacts: SeedRow[];
  leads: SeedRow[];
  opportunities: SeedRow[];
}

/** The team and the people they sell to: about three contacts for two leads. */
export function makePeople(random: Random, now: Date, count: number): People {
  const stamps = (days: number, by = ADMIN_ID): SeedRow => {
    const at = wholeSeconds(new Date(now.getTime() - days * DAY)).toISOString();
    return {
      created_date: at,
      created_by_id: by,
      last_modified_date: at,
      last_modified_by_id: by,
      system_modstamp: at,
    };
  };
  const contactCount = Math.round(count * 0.6);
  const accounts = Array.from({ length: Math.ceil(contactCount / 3) }, (_, i): SeedRow => {
    const name = `${random.pick(COMPANY_STEMS)} ${random.pick(COMPANY_KINDS)}`;
    return {
      id: makeId(PREFIX.Account, i + 1),
      name: i < 40 ? name : `${name} ${i}`,
      industry: random.pick(INDUSTRIES),
      phone: phone(random),
      website: `https://${slug(name)}.example`,
      owner_id: random.pick(REP_IDS),
      ...stamps(random.between(200, 700)),
    };
  });
  const contacts = Array.from({ length: contactCount }, (_, i): SeedRow => {
    const account = random.pick(accounts);
    return {
      id: makeId(PREFIX.Contact, i + 1),
      account_id: account['id'],
      ...person(random, i, 'contact'),
      owner_id: account['owner_id'],
      ...stamps(random.between(5, 200)),
    };
  });
  return {
    users: TEAM.map((member, i) => user(member, i, stamps(800))),
    groups: [
      { id: QUEUE_ID, name: 'Inbound Follow-up', developer_name: 'Inbound_Follow_up', type: 'Queue', ...stamps(800) },
    ],
    accounts,
    contacts,
    leads: Array.from({ length: count - contactCount }, (_, i) => lead(random, i, contacts, stamps)),
    opportunities: Array.from({ length: Math.ceil(accounts.length / 2) }, (_, i): SeedRow => {
      const account = random.pick(accounts);
      return {
        id: makeId(PREFIX.Opportunity, i + 1),
        account_id: account['id'],
        name: `${String(account['name'])} – ${random.pick(['New business', 'Renewal', 'Expansion'])}`.slice(0, 120),
        stage_name: random.pick(OPPORTUNITY_STAGES),
        amount: random.between(2, 120) * 1000,
        close_date: new Date(now.getTime() + random.between(-60, 120) * DAY).toISOString().slice(0, 10),
        owner_id: account['owner_id'],
        ...stamps(random.between(5, 150)),
      };
    }),
  };
}

function user([first, last, title, zone]: (typeof TEAM)[number], i: number, stamps: SeedRow): SeedRow {
  const login = slug(`${first ?? ''}.${last}`) || `user${i}`;
  return {
    id: makeId(PREFIX.User, i + 1),
    username: `${login}${i}@northwind.example`,
    first_name: first,
    last_name: last,
    name: [first, last].filter(Boolean).join(' '),
    email: `${login}@northwind.example`,
    alias: login.slice(0, 8),
    title,
    is_active: i !== TEAM.length - 1,
    user_type: 'Standard',
    time_zone_sid_key: zone,
    ...stamps,
  };
}

function lead(random: Random, i: number, contacts: SeedRow[], stamps: (days: number) => SeedRow): SeedRow {
  const isConverted = random.chance(0.04);
  const contact = isConverted ? random.pick(contacts) : undefined;
  return {
    id: makeId(PREFIX.Lead, i + 1),
    ...person(random, i, 'lead'),
    company: `${random.pick(COMPANY_STEMS)} ${random.pick(COMPANY_KINDS)}`,
    status: isConverted ? 'Closed - Converted' : random.pick(['Open - Not Contacted', 'Working - Contacted']),
    lead_source: random.pick(['Web', 'Phone Inquiry', 'Partner Referral', 'Other']),
    owner_id: random.pick(REP_IDS),
    is_converted: isConverted,
    converted_contact_id: contact?.['id'],
    converted_account_id: contact?.['account_id'],
    ...stamps(random.between(2, 150)),
  };
}

function person(random: Random, i: number, kind: string): SeedRow {
  const first = random.pick(FIRST_NAMES);
  const last = random.pick(LAST_NAMES);
  const hasEmail = random.chance(0.95);
  return {
    first_name: first,
    last_name: last,
    name: `${first} ${last}`,
    title: random.pick(TITLES),
    // Numbered, so that a person is found by email alone; a few have none.
    email: hasEmail ? `${slug(`${first}.${last}`) || kind}.${kind === 'lead' ? 'l' : 'c'}${i}@customer.example` : null,
    phone: phone(random),
  };
}

function phone(random: Random): string {
  return `+1 555 ${random.between(100, 999)} ${random.between(1000, 9999)}`;
}

function slug(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '')
    .replace(/^\.+|\.+$/g, '');
}
