import type { CloudError } from "../domain/cloud-error.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import { type Gone, gone } from "../domain/subject.ts";

/** What a missing thing means to a reader: it is gone, which is an answer. */
export const goneWhenMissing = (error: CloudError): Result<Gone, CloudError> =>
  error.kind === "not-found" ? ok(gone) : failed(error);
