import { isObject, type JsonObject } from "../json.ts";
import { type Context, conditionsHold } from "./conditions.ts";
import { listed, statementsOf } from "./evaluate.ts";
import { matchesAction, matchesGlob } from "./globs.ts";

/** Who knocks at a role: an identity of an account by ARN, or a service by host name. */
export type Knocker =
  | { readonly kind: "RAM"; readonly arn: string }
  | { readonly kind: "Service"; readonly host: string };

const fold = (arn: string): string => (arn.includes(":role/") ? arn.toLowerCase() : arn);

const names = (statement: JsonObject, who: Knocker): boolean => {
  const principal = isObject(statement.Principal) ? statement.Principal : {};
  if (who.kind === "Service") return listed(principal.Service).includes(who.host);
  const account = /^(acs:ram::[^:]*):/.exec(who.arn)?.[1] ?? "";
  return listed(principal.RAM).some(
    // `:root` stands for every identity of its account (`policy-semantics.md` §2).
    (pattern) => matchesGlob(fold(pattern), fold(who.arn)) || matchesGlob(pattern, `${account}:root`),
  );
};

/** Whether a trust document lets `who` do `action`; an explicit Deny wins. */
export const trusts = (document: JsonObject, who: Knocker, action: string, context: Context): boolean => {
  const matching = statementsOf(document).filter(
    (statement) =>
      listed(statement.Action).some((pattern) => matchesAction(pattern, action)) &&
      names(statement, who) &&
      conditionsHold(isObject(statement.Condition) ? statement.Condition : undefined, context),
  );
  return (
    matching.some((statement) => statement.Effect === "Allow") &&
    !matching.some((statement) => statement.Effect === "Deny")
  );
};
