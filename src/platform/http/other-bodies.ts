import { Injectable } from '@nestjs/common';

/** Routes that read their body themselves, as it comes in: the rooms register at start-up. All others take JSON. */
@Injectable()
export class OtherBodies {
  private readonly types = new Map<string, string>();

  take(path: string, type: string): void {
    this.types.set(path, type);
  }

  typeOf(path: string): string | undefined {
    return this.types.get(path.replace(/\/$/, ''));
  }
}
