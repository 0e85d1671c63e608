import { Injectable } from '@nestjs/common';
import type { Scope } from '../../../accounts/access.js';
import type { Parameters } from '../../../platform/database/parameters.js';
import type { Viewer } from '../person-access.js';
import type { TimelineKind } from './person-timeline.dto.js';

/** Whose timeline it is, and who looks at it. */
export interface TimelineAbout {
  viewer: Viewer;
  personId: string;
  /** Shared with the viewer, or theirs, for the person's own sake: not merely because of a task. */
  isOpen: boolean;
}

/** What a room knows of people's past. */
export interface TimelineSource {
  kind: TimelineKind;
  /** Without it, a key does not see these. */
  scope: Scope;
  /**
   * A SELECT of what the viewer may see of it: `id` uuid, `what` text, `at` timestamptz, `actor` text (`user:<id>`,
   * `key:<id>` or null), and the texts `type`, `text`, `detail`, each of which may be null.
   */
  sql(about: TimelineAbout, parameters: Parameters): string;
}

/** People know nothing of tasks or emails: whoever has to do with people registers here what their timeline shows of it. */
@Injectable()
export class TimelineSources {
  private readonly sources: TimelineSource[] = [];

  register(source: TimelineSource): void {
    this.sources.push(source);
  }

  of(kinds: readonly TimelineKind[] | undefined, scopes: readonly Scope[]): TimelineSource[] {
    return this.sources.filter(
      ({ kind, scope }) => (kinds === undefined || kinds.includes(kind)) && scopes.includes(scope),
    );
  }
}
