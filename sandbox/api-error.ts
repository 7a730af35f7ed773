/**
 * What the cloud answers instead of doing the call: HTTP status, `Code` and `Message`.
 * The one thing that operations throw; the gateway turns it into an answer and an event (`ram-api.md` §3).
 */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export const notExist = (what: string, name: string): ApiError =>
  new ApiError(404, `EntityNotExist.${what}`, `The specified ${what} does not exist: ${name}.`);

export const alreadyExists = (what: string, name: string): ApiError =>
  new ApiError(409, `EntityAlreadyExists.${what}`, `The specified ${what} already exists: ${name}.`);

export const deleteConflict = (what: string, message: string): ApiError =>
  new ApiError(409, `DeleteConflict.${what}`, message);

export const limitExceeded = (what: string, limit: number): ApiError =>
  new ApiError(409, `LimitExceeded.${what}`, `The number of ${what} exceeds the limit: ${limit}.`);

export const invalid = (parameter: string, why: string, message: string): ApiError =>
  new ApiError(400, `InvalidParameter.${parameter}.${why}`, message);

export const malformedDocument = (message: string): ApiError => new ApiError(400, "MalformedPolicyDocument", message);
