/** What is not on the server yet, kept for as long as this tab is there: a reload loses nothing. */
export function keptOf<T extends object>(key: string, blank: T): T {
  try {
    const text = sessionStorage.getItem(key);
    return text === null ? blank : { ...blank, ...(JSON.parse(text) as Partial<T>) };
  } catch {
    return blank;
  }
}

export function keep(key: string, value: object): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Full, or forbidden: it is on the page still.
  }
}

export function forget(key: string): void {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Where nothing can be kept there is nothing to forget.
  }
}
