const ID = /^[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?$/;
const CHECK_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

export function isSalesforceId(text: string): boolean {
  return ID.test(text);
}

/**
 * The 18-character form, which differs for ids that differ only in case. An id of 18 characters comes back in its true
 * case, whatever case it was sent in (its last three characters say which letters are capitals).
 */
export function to18(id: string): string {
  if (!isSalesforceId(id)) throw new Error(`"${id}" is no Salesforce id.`);
  const id15 = id.length === 18 ? trueCase(id) : id;
  return id15 + suffixOf(id15);
}

/** The first three characters: which object the record is of (00T Task, 005 User, 00G queue, …). */
export function prefixOf(id: string): string {
  return id.slice(0, 3);
}

function suffixOf(id15: string): string {
  let suffix = '';
  for (let chunk = 0; chunk < 3; chunk++) {
    let bits = 0;
    for (let at = 0; at < 5; at++) {
      if (/[A-Z]/.test(id15[chunk * 5 + at] ?? '')) bits |= 1 << at;
    }
    suffix += CHECK_CHARACTERS[bits] ?? '';
  }
  return suffix;
}

function trueCase(id18: string): string {
  let id15 = '';
  for (let at = 0; at < 15; at++) {
    const bits = CHECK_CHARACTERS.indexOf((id18[15 + Math.floor(at / 5)] ?? '').toUpperCase());
    const letter = id18[at] ?? '';
    id15 += bits & (1 << (at % 5)) ? letter.toUpperCase() : letter.toLowerCase();
  }
  return id15;
}
