import type { Change } from "../domain/change.ts";
import type { Response } from "../domain/finding.ts";
import type { Reason, ReasonKind, Remediation } from "../domain/plan.ts";
import type { Result } from "../domain/result.ts";
import { failed, ok } from "../domain/result.ts";
import type { SubjectKind } from "../domain/subject.ts";

/** The one write on a subject, with the response it amounts to: a weaker one than asked for comes with the reason. */
export type Chosen = { readonly remediation: Remediation; readonly response: Response; readonly because?: Reason };

/** The exact inverse, or the most reversible containment, of a change of one kind; or the reason why there is none. */
export type Remedier<Kind extends SubjectKind> = (change: Change<Kind>, asked: Response) => Result<Chosen, Reason>;

/** What is asked for is what is done. */
export const putBack = (remediation: Remediation, asked: Response): Result<Chosen, Reason> =>
  ok({ remediation, response: asked });

/** The most reversible step that stops use, which is less than putting back. */
export const contained = (remediation: Remediation, asked: Response): Result<Chosen, Reason> =>
  ok({ remediation, response: asked === "revert" ? "contain" : asked });

/** The exact calls are worked out, and a person decides: `kind` names why nobody else may. */
export const toPerson = (remediation: Remediation, kind: ReasonKind, detail: string): Result<Chosen, Reason> =>
  ok({ remediation, response: "ask", because: { kind, detail } });

/** Nothing can be written, and why. */
export const noRemedy = (kind: ReasonKind, detail: string): Result<Chosen, Reason> => failed({ kind, detail });

export const nothingToWrite = (detail: string): Result<Chosen, Reason> => noRemedy("nothing-to-write", detail);
