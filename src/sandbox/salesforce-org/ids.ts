/**
 * Salesforce record ids: 15 case-sensitive characters, or the same with three more that say which of the 15 are
 * upper case, so that 18 characters survive a system that ignores case.
 */

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SUFFIX = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The two characters that name the instance an org lives on. */
const INSTANCE = '5g';

export const PREFIX = {
  Organization: '00D',
  User: '005',
  Group: '00G',
  Account: '001',
  Contact: '003',
  Lead: '00Q',
  Opportunity: '006',
  Task: '00T',
  TaskStatus: '01J',
  TaskPriority: '01K',
  UserPermissionAccess: '000',
} as const;

/** The id number `n` of a kind, 18 characters. Ids sort in the order of their numbers. */
export function makeId(prefix: string, n: number): string {
  let rest = n;
  let digits = '';
  while (rest > 0) {
    digits = (BASE62[rest % 62] ?? '0') + digits;
    rest = Math.floor(rest / 62);
  }
  return withSuffix(`${prefix}${INSTANCE}0${digits.padStart(9, '0')}`);
}

export function withSuffix(id15: string): string {
  let suffix = '';
  for (let block = 0; block < 3; block += 1) {
    let bits = 0;
    for (let i = 0; i < 5; i += 1) {
      const c = id15.charCodeAt(block * 5 + i);
      if (c >= 65 && c <= 90) bits |= 1 << i;
    }
    suffix += SUFFIX[bits] ?? 'A';
  }
  return id15 + suffix;
}

export const to15 = (id: string): string => id.slice(0, 15);

/**
 * The 18-character form of an id given in either form, or undefined when it is none. An 18-character id whose case
 * was lost gets it back from its suffix, as Salesforce does.
 */
export function to18(text: string): string | undefined {
  if (text.length === 15) return /^[0-9a-zA-Z]{15}$/.test(text) ? withSuffix(text) : undefined;
  if (text.length !== 18 || !/^[0-9a-zA-Z]{18}$/.test(text)) return undefined;
  let id15 = '';
  for (let i = 0; i < 15; i += 1) {
    const bits = SUFFIX.indexOf(text.charAt(15 + Math.floor(i / 5)).toUpperCase());
    if (bits < 0) return undefined;
    const c = text.charAt(i);
    id15 += (bits & (1 << (i % 5))) !== 0 ? c.toUpperCase() : c.toLowerCase();
  }
  const whole = withSuffix(id15);
  // A suffix that asks for an upper-case digit cannot be right.
  return whole.slice(15) === text.slice(15).toUpperCase() ? whole : undefined;
}

export const prefixOf = (id: string): string => id.slice(0, 3);
