export class CatalogueEntry {
  /** Stable: programs may decide by it */
  code: string;
  /** HTTP status it is answered with */
  status: number;
  title: string;
  /** What the caller can do */
  advice: string;
}

export class FieldProblem {
  /** Path of the field in the body or query, e.g. `tasks[3].due_date` */
  field: string;
  message: string;
  /** A value that would be right */
  value?: string;
}

/** A failure as RFC 9457 describes it */
export class ProblemDetails {
  /** Leads to what this failure means */
  type: string;
  title: string;
  status: number;
  /** What happened here, a sentence */
  detail: string;
  /** The request's id, as in X-Request-Id and in the log */
  instance: string;
  /** Stable: programs may decide by it */
  code: string;
  /** One entry for each field that is wrong */
  errors: FieldProblem[];
}
