import { Injectable } from '@nestjs/common';

/** Routes that read their body themselves, as it comes in: the rooms register at start-up. All others take JSON. */
@Injectable()
export class OtherBodies {
  private readonly types = new Map<string, readonly string[]>();
  private readonly below = new Map<string, readonly string[]>();

  take(path: string, type: string): void {
    this.types.set(path, [type]);
  }

  /** All routes whose path begins so, in whatever case, as routes are found. */
  takeBelow(start: string, types: readonly string[]): void {
    this.below.set(start, types);
  }

  typesOf(path: string): readonly string[] | undefined {
    const exact = this.types.get(path.replace(/\/$/, ''));
    return exact ?? [...this.below].find(([start]) => path.toLowerCase().startsWith(start))?.[1];
  }
}
