export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** Pure: what a key is called in a table of keys: `j`, `Enter`, `shift+ArrowDown`, `shift+j`, `mod+a`. */
export function keyName({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string | undefined {
  // Alt makes other characters on many keyboards: what it makes is no command.
  if (altKey) return undefined;
  const isLetter = /^[a-z]$/i.test(key);
  const name = isLetter ? key.toLowerCase() : key;
  const mod = ctrlKey || metaKey ? 'mod+' : '';
  // For signs such as ? and # Shift is only how they are typed.
  const shift = shiftKey && (isLetter || key.length > 1) ? 'shift+' : '';
  return `${mod}${shift}${name}`;
}
