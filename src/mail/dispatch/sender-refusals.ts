/** So many emails of one address refused in a row are no accident: the rest wait. */
export const REFUSED_MAX = 3;

interface Refused {
  /** Emails of this go. */
  ids: Set<string>;
  /** Those just before it. */
  earlier: number;
}

/** Counts what a server refused for the sake of our address, as long as it takes nothing else by this channel. */
export class SenderRefusals {
  private readonly of = new Map<string, Refused>();

  /** One more of this address; `tooMany`: it is to wait instead of failing. */
  add(address: string, id: string): { first: boolean; tooMany: boolean } {
    const refused = this.of.get(address) ?? { ids: new Set(), earlier: 0 };
    this.of.set(address, refused);
    refused.ids.add(id);
    return { first: refused.ids.size === 1, tooMany: refused.ids.size + refused.earlier > REFUSED_MAX };
  }

  ids(address: string): string[] {
    return [...(this.of.get(address)?.ids ?? [])];
  }

  /** What was sent before this go began, newest first: whether it was refused likewise. */
  addEarlier(address: string, likewise: readonly boolean[]): void {
    const refused = this.of.get(address);
    const otherwise = likewise.indexOf(false);
    if (refused) refused.earlier = otherwise < 0 ? likewise.length : otherwise;
  }

  isEnough(address: string): boolean {
    const { ids, earlier } = this.of.get(address) ?? { ids: new Set(), earlier: 0 };
    return ids.size + earlier >= REFUSED_MAX;
  }

  /** The server took an email, or refused its recipient: it has nothing against us. */
  clear(): void {
    this.of.clear();
  }
}
