const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * A Salesforce record id in its form of 18 characters; undefined when it is none. The short form of 15 is
 * case-sensitive; the last three characters of the long one say which of the others are capitals.
 */
export function longSalesforceId(text: string): string | undefined {
  if (!/^[0-9A-Za-z]{15}([0-9A-Za-z]{3})?$/.test(text)) return undefined;
  const short = text.slice(0, 15);
  const long = short + suffixOf(short);
  return text.length === 15 || text === long ? long : undefined;
}

function suffixOf(short: string): string {
  return [0, 5, 10].map((start) => ALPHABET.charAt(capitalBits(short.slice(start, start + 5)))).join('');
}

function capitalBits(chunk: string): number {
  return [...chunk].reduce((bits, letter, index) => bits | (/[A-Z]/.test(letter) ? 1 << index : 0), 0);
}

/** What kind of person an id names: contacts begin with 003, leads with 00Q. */
export function personKindOf(salesforceId: string): 'lead' | 'contact' | undefined {
  if (salesforceId.startsWith('003')) return 'contact';
  return salesforceId.startsWith('00Q') ? 'lead' : undefined;
}
