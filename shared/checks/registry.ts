import type { Finding, RuleId } from "../domain/finding.ts";
import type { Standing } from "../domain/standing.ts";
import type { SubjectRef } from "../domain/subject.ts";
import { administratorMissing } from "./administrator-missing.ts";
import { administratorsTooMany } from "./administrators-too-many.ts";
import { bothAccessModesHeld } from "./both-access-modes-held.ts";
import { consoleUserIdle } from "./console-user-idle.ts";
import { groupLeftEmpty } from "./group-left-empty.ts";
import { keyFromAnywhere } from "./key-from-anywhere.ts";
import { keyGrownOld } from "./key-grown-old.ts";
import { keyLeftUnused } from "./key-left-unused.ts";
import type { Check, CheckFacts, Found } from "./kit/check.ts";
import { notRead, titleOf } from "./kit/check.ts";
import { logonNameKeptUnclear } from "./logon-name-kept-unclear.ts";
import { logonWithoutFactor } from "./logon-without-factor.ts";
import { policyAttachedNowhere } from "./policy-attached-nowhere.ts";
import { policyHeldDirectly } from "./policy-held-directly.ts";
import { rootKeyHeld } from "./root-key-held.ts";
import { rootWithoutMfa } from "./root-without-mfa.ts";
import { serviceUserLogonHeld } from "./service-user-logon-held.ts";
import { ssoSwitchedOff } from "./sso-switched-off.ts";
import { twoKeysKept } from "./two-keys-kept.ts";
import { userInNoGroup } from "./user-in-no-group.ts";

/** Every check, in the order in which findings are listed. */
export const checks: readonly Check[] = [
  rootKeyHeld,
  rootWithoutMfa,
  administratorsTooMany,
  administratorMissing,
  ssoSwitchedOff,
  logonWithoutFactor,
  serviceUserLogonHeld,
  bothAccessModesHeld,
  keyGrownOld,
  keyLeftUnused,
  keyFromAnywhere,
  consoleUserIdle,
  twoKeysKept,
  policyHeldDirectly,
  logonNameKeptUnclear,
  userInNoGroup,
  groupLeftEmpty,
  policyAttachedNowhere,
];

/** What is told by a check already, when the account is looked at as it stands. */
export const checkedControls: ReadonlySet<string> = new Set(checks.map(({ control }) => control));

export const checkById = (id: string): Check | undefined => checks.find((check) => check.id === id);

/** What one thing comes to: findings, each with what it is about, and the checks that could not decide. */
export type Checked = {
  readonly findings: readonly { readonly subject: SubjectRef; readonly finding: Finding }[];
  readonly undecided: readonly RuleId[];
};

/** A check that ends in a fault of ours decides nothing, and what the others find stands. */
const safely = (check: Check, standing: Standing, facts: CheckFacts): readonly Found[] => {
  try {
    return check.judge(standing, facts);
  } catch {
    return notRead;
  }
};

/** What the checks find in one thing as it stands; one that the settings switch off is not asked. */
export const checkStanding = (standing: Standing, subject: SubjectRef, facts: CheckFacts): Checked => {
  const findings: { readonly subject: SubjectRef; readonly finding: Finding }[] = [];
  const undecided: RuleId[] = [];
  for (const check of checks) {
    const { id, control, severity, looksAt } = check;
    if (looksAt !== standing.kind || facts.settings.responses[id] === "off") continue;
    for (const { verdict, subject: part = subject } of safely(check, standing, facts)) {
      if (verdict.kind === "undetermined") undecided.push(id);
      if (verdict.kind !== "violation") continue;
      const finding: Finding = {
        rule: id,
        control,
        severity,
        maturity: "stable",
        response: "alert",
        title: titleOf(check),
        verdict,
      };
      findings.push({ subject: part, finding });
    }
  }
  return { findings, undecided };
};
