import { Drop } from 'liquidjs';

/** A field of this person or sender that has no value. `default:` and conditions see nothing in it. */
export class EmptyField extends Drop {
  constructor(
    readonly field: string,
    /** What stands there when the text gives no fallback; null: the email cannot be made. */
    readonly otherwise: string | null,
  ) {
    super();
  }

  override valueOf(): null {
    return null;
  }
}

/** Markup of our own, which is not escaped: the signature, the link to unsubscribe. */
export class Markup extends Drop {
  constructor(
    private readonly html: string,
    /** Shared by forms of one thing, which together are there once. */
    readonly times: { placed: number } = { placed: 0 },
  ) {
    super();
  }

  /** Once only: a second link to unsubscribe helps nobody. */
  place(): string {
    this.times.placed += 1;
    return this.times.placed === 1 ? this.html : '';
  }

  override valueOf(): string {
    return this.html;
  }
}

/** A field has no value and no fallback. */
export class MissingFieldError extends Error {
  constructor(readonly field: string) {
    super(`The field ${field} has no value.`);
  }
}
