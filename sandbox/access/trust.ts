import { isObject, type JsonObject } from "../json.ts";
import { type Context, conditionsHold } from "./conditions.ts";
import { listed, statementsOf } from "./evaluate.ts";
import { matchesAction, matchesGlob } from "./globs.ts";

/** Who knocks at a role: an identity of an account or one from an identity provider, by ARN, or a service by host name. */
export type Knocker =
  | { readonly kind: "RAM" | "Federated"; readonly arn: string }
  | { readonly kind: "Service"; readonly host: string };

const fold = (arn: string): string => (arn.includes(":role/") ? arn.toLowerCase() : arn);

const names = (statement: JsonObject, who: Knocker): boolean => {
  // A principal without a type is not in the grammar; where it stands, it means everybody (`policy-semantics.md` §5 A9).
  if (listed(statement.Principal).includes("*")) return true;
  const principal = isObject(statement.Principal) ? statement.Principal : {};
  const patterns = listed(principal[who.kind]);
  if (who.kind === "Service") return patterns.includes(who.host);
  if (who.kind === "Federated") return patterns.some((pattern) => matchesGlob(pattern, who.arn));
  const account = /^(acs:ram::[^:]*):/.exec(who.arn)?.[1] ?? "";
  // `:root` stands for every identity of its account (`policy-semantics.md` §2).
  return patterns.some(
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
