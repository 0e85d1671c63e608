const faults = new Map<string, string>();
const SHOWN = 20;

/** `kind`: one of each is told. */
export function noteFault(kind: string, text: string): void {
  if (faults.size < SHOWN && !faults.has(kind)) faults.set(kind, `${kind}: ${text}`);
}

/** What was noted since the last time. A test that provokes a fault on purpose takes it, and says which it was. */
export function takeFaults(): string[] {
  const taken = [...faults.values()];
  faults.clear();
  return taken;
}
