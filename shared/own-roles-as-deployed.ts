import { createHash } from "node:crypto";
import type { AccountId } from "./domain/identity.ts";
import { samePrincipal } from "./domain/identity.ts";
import type { Subject, SubjectRef } from "./domain/subject.ts";
import { canonicalStatement, documentForm } from "./policy/canonical.ts";
import type { Statement } from "./policy/document.ts";
import { parseDocument } from "./policy/parse.ts";
import type { HeldDocument } from "./rules/kit/rule.ts";
import type { Settings } from "./settings.ts";

/** What stands for the account's id in the documents of `functions/roles`. */
const anyAccount = "<account-id>";

/** What `functions/roles/approving.json` allows, in short: a test holds it to the file, and says what to put here. */
export const allowedToApprove = "8ea5649ff0ed39701ecb3c5621cc999a";

/** What the same file denies altogether; a deployer may add to it. */
const denied: readonly string[] = [
  "role/ram-warden-*",
  "policy/ram-warden-*",
  "role/AliyunServiceRoleFor*",
  "role/aliyunservicerolefor*",
  "role/AliyunReservedSSO-*",
  "role/aliyunreservedsso-*",
  "saml-provider/AliyunReservedSSO-*",
].map((resource) => `acs:ram:*:${anyAccount}:${resource}`);

const isWholeDeny = ({ effect, action, resource, conditions }: Statement): boolean =>
  effect === "Deny" &&
  conditions.length === 0 &&
  !action.complement &&
  action.patterns.includes("*") &&
  resource?.complement === false &&
  denied.every((pattern) => resource.patterns.includes(pattern));

/** Whether a text still has the placeholder, however it is written: no resource bears it, so nothing is denied by it. */
const isUnfilled = (text: string): boolean => {
  const parsed = parseDocument(text, "permission");
  return parsed.ok && JSON.stringify(parsed.value.statements).includes(anyAccount);
};

/**
 * Of a policy's text, what it allows in short; undefined where it is unclear, does not deny what ours does, or was never
 * filled in.
 */
export const allowedInShort = (text: string, accountId: AccountId): string | undefined => {
  if (isUnfilled(text)) return undefined;
  const parsed = parseDocument(text.replaceAll(accountId, anyAccount), "permission");
  if (!parsed.ok || parsed.value.flaws.length > 0 || !parsed.value.statements.some(isWholeDeny)) return undefined;
  const allowed = parsed.value.statements.filter(({ effect }) => effect === "Allow").map(canonicalStatement);
  return createHash("sha256").update(allowed.sort().join("\n")).digest("hex").slice(0, 32);
};

/** The trust policy that `functions/roles/approving.trust.json` gives: whoever of the account may call `sts:AssumeRole` on it. */
const approvingTrust = (accountId: AccountId): string =>
  documentForm(
    JSON.stringify({
      Version: "1",
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { RAM: [`acs:ram::${accountId}:root`] } }],
    }),
  );

/**
 * Whether it is the trust policy of the role that people approve in, and all of it is as our own documents make it: whom
 * it lets in, the one policy that it holds, and that policy's text. Such a role lets in the whole account on purpose.
 */
export const isApprovingRoleAsDeployed = (
  subject: SubjectRef,
  state: Subject,
  { guardrails, rules }: Pick<Settings, "guardrails" | "rules">,
  held: readonly HeldDocument[] | undefined,
): boolean => {
  const { approving: name } = guardrails.ownRoles;
  if (name === undefined || subject.kind !== "role-trust" || state.kind !== "role-trust") return false;
  if (!samePrincipal({ kind: "role", name: subject.roleName }, { kind: "role", name })) return false;
  const [policy, ...others] = held ?? [];
  return (
    documentForm(state.document) === approvingTrust(rules.accountId) &&
    others.length === 0 &&
    policy?.text !== undefined &&
    policy.policy.type === "Custom" &&
    allowedInShort(policy.text, rules.accountId) === allowedToApprove
  );
};
