/** First and last name as far as the whole name tells: its first word, and the rest. */
export function splitName(name: string): { first: string; last: string } {
  const [first = '', ...rest] = name.trim().split(/\s+/u);
  // An address that stands for a name is no first name.
  return first.includes('@') ? { first: '', last: '' } : { first, last: rest.join(' ') };
}
