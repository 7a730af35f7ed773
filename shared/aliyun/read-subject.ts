import type { CloudError } from "../domain/cloud-error.ts";
import type { Result } from "../domain/result.ts";
import { failed } from "../domain/result.ts";
import type { Gone, RefOf, SubjectKind, SubjectOf } from "../domain/subject.ts";
import type { Transport } from "./transport.ts";

/** Reads one kind of subject as it stands now. A missing resource is `gone`, not an error. */
export type SubjectReader<Kind extends SubjectKind> = (
  send: Transport,
  ref: RefOf<Kind>,
) => Promise<Result<SubjectOf<Kind> | Gone, CloudError>>;

/** For what no API tells. */
export const notRead = async (_: Transport, { kind }: { readonly kind: SubjectKind }) =>
  failed<CloudError>({ kind: "forbidden", code: "NoApiTells", operation: `read ${kind}` });
