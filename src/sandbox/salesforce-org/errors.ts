/** What Salesforce answers when a whole request is refused: an HTTP status and a list of coded errors. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly errorCode: string,
    message: string,
    readonly fields?: string[],
  ) {
    super(message);
  }

  body(): unknown {
    return [{ message: this.message, errorCode: this.errorCode, ...(this.fields ? { fields: this.fields } : {}) }];
  }
}

/** Why one record of a write was refused; the others may go through. */
export interface RowError {
  statusCode: string;
  message: string;
  fields: string[];
}

export function rowError(statusCode: string, message: string, fields: string[] = []): RowError {
  return { statusCode, message, fields };
}

export const notFound = (): ApiError => new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist');

export const badJson = (message: string): ApiError => new ApiError(400, 'JSON_PARSER_ERROR', message);

/** The HTTP status of an error that a single-record request meets. */
export function statusOf(error: RowError): number {
  switch (error.statusCode) {
    case 'ENTITY_IS_DELETED':
    case 'NOT_FOUND':
    case 'INVALID_CROSS_REFERENCE_KEY':
      return error.fields.length > 0 ? 400 : 404;
    default:
      return 400;
  }
}
