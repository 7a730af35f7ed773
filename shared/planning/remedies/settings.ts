import type { Change, Provenance } from "../../domain/change.ts";
import type { Response } from "../../domain/finding.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import { canonicalText } from "../../domain/json.ts";
import type { Call, Reason, Remediation } from "../../domain/plan.ts";
import type { Result } from "../../domain/result.ts";
import { failed, ok } from "../../domain/result.ts";
import {
  setAlias,
  setPasswordPolicy,
  setSecurityPreference,
  setUserSsoSettings,
} from "../../operations/setting-calls.ts";
import { stateDigest } from "../../operations/state-digest.ts";
import type { Compare } from "../../policy/direction.ts";
import { movesOf } from "../../policy/direction.ts";
import { passwordCompares, preferenceCompares } from "../../policy/setting-directions.ts";
import type { Chosen, Remedier } from "../chosen.ts";
import { noRemedy, nothingToWrite, putBack, toPerson } from "../chosen.ts";

type Kind = "security-preference" | "password-policy" | "account-alias" | "sso-settings" | "domain";
type FieldKind = "security-preference" | "password-policy" | "sso-settings";

/** Named only where it is on before or now: Ims, by which all is sent, does not speak of it. */
const publicKeys = "AllowUserToManagePublicKeys";

/** A setting as it stands, and as it would stand with all that is known of before put back on top. */
type Whole = {
  readonly now: JsonObject;
  readonly target: JsonObject;
  readonly provenance: Provenance;
  /** Somebody else changed the setting since: then only what this change did is put back. */
  readonly changedAgain: boolean;
  /** The one call that puts back the values of these names, or all. */
  readonly remediation: (names?: readonly string[]) => Remediation;
};

const wholeOf = (change: Change<FieldKind>, set: (fields: JsonObject) => Call): Result<Whole, Reason> => {
  const { before, after, subject } = change;
  if (after.kind === "gone") return failed({ kind: "nothing-to-write", detail: "the subject is gone" });
  if (!before.known) return failed({ kind: "prior-state-unknown", detail: before.because });
  if (before.state.kind === "gone") return failed({ kind: "prior-state-unknown", detail: "a setting is never made" });
  const [was, now] = [before.state.fields, after.fields];
  const told = change.claimed === undefined || change.claimed.kind === "gone" ? now : change.claimed.fields;
  const target = asItWas(was, told, now);
  if (canonicalText(target) === canonicalText(now))
    return failed({ kind: "nothing-to-write", detail: "the setting is already what it was" });
  const spoken = now[publicKeys] !== undefined || was[publicKeys] !== undefined ? { [publicKeys]: false } : {};
  const remediation = (names?: readonly string[]): Remediation => {
    const fields = names === undefined ? target : withNames(now, target, names);
    return {
      subject,
      expects: stateDigest(after),
      was: after,
      becomes: { kind: after.kind, fields },
      calls: [set({ ...spoken, ...fields })],
      undo: [set({ ...spoken, ...now })],
    };
  };
  const changedAgain = Object.keys(told).some((name) => !isSame(told[name], now[name]));
  return ok({ now, target, provenance: before.provenance, changedAgain, remediation });
};

const isSame = (one: Json | undefined, other: Json | undefined): boolean =>
  canonicalText(one ?? null) === canonicalText(other ?? null);

/**
 * The setting as it stands, with what was before for each value that the change set and that nobody set since. A value
 * that was not known before stays as it is; the event does not speak of what only Ram knows.
 */
const asItWas = (was: JsonObject, told: JsonObject, now: JsonObject): JsonObject => {
  const names = [...Object.keys(was), publicKeys].filter((name) => {
    const set = told[name] ?? now[name];
    return isSame(set, now[name]) && !isSame(set, was[name]);
  });
  return withNames(now, was, names);
};

/** The first fields, with those of the given names as the second have them. */
const withNames = (first: JsonObject, second: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries([
    ...Object.entries(first).filter(([name]) => !names.includes(name)),
    ...Object.entries(second).filter(([name]) => names.includes(name)),
  ]);

const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");

/**
 * What protects more, or no less, is put back; what would protect less, or of which nobody can say, is left to a person.
 * So a call that also tightens a little cannot keep what it opened from being closed.
 */
const byDirection = (
  { remediation, now, target, changedAgain }: Whole,
  compares: { readonly [name: string]: Compare },
  asked: Response,
): Result<Chosen, Reason> => {
  if (changedAgain)
    return toPerson(
      remediation(),
      "changed-again",
      "the setting was changed again since, so only what this change did would be put back; the newer change is judged by itself",
    );
  const { neutral, stricter, looser, unsure } = movesOf(now, target, compares);
  const left = [...looser, ...unsure];
  if (left.length === 0) return putBack(remediation(), asked);
  const because: Reason = {
    kind: "weakens-protection",
    detail: `putting back ${listed(left)} would protect less, or nobody can say; that is for a person to decide`,
  };
  return asked === "ask" || stricter.length === 0
    ? toPerson(remediation(), because.kind, because.detail)
    : ok({ remediation: remediation([...stricter, ...neutral]), response: "contain", because });
};

const securityPreferenceRemedy: Remedier<"security-preference"> = (change, asked) => {
  const whole = wholeOf(change, setSecurityPreference);
  if (!whole.ok) return whole;
  const { now, target, provenance, remediation } = whole.value;
  const narrows = movesOf(now, target, preferenceCompares).stricter.includes("LoginNetworkMasks");
  // A mask that was accepted long ago may shut out everybody who logs on by now (`ram-api.md` §9.2).
  if (narrows && provenance !== "baseline" && provenance !== "undo")
    return toPerson(
      remediation(),
      "disrupts-logon",
      "the former logon mask is not known to be the one that held right before this change, and may be outdated",
    );
  return byDirection(whole.value, preferenceCompares, asked);
};

const passwordPolicyRemedy: Remedier<"password-policy"> = (change, asked) => {
  const whole = wholeOf(change, setPasswordPolicy);
  return whole.ok ? byDirection(whole.value, passwordCompares, asked) : whole;
};

const ssoSettingsRemedy: Remedier<"sso-settings"> = (change) => {
  const whole = wholeOf(change, setUserSsoSettings);
  if (!whole.ok) return whole;
  return toPerson(
    whole.value.remediation(),
    "disrupts-logon",
    "all users log on by these settings, and an outdated identity provider would lock every one of them out",
  );
};

const accountAliasRemedy: Remedier<"account-alias"> = ({ before, after, subject }) => {
  if (after.kind === "gone") return nothingToWrite("the subject is gone");
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  if (before.state.kind === "gone") return noRemedy("prior-state-unknown", "an alias is never made anew");
  if (before.state.alias === after.alias) return nothingToWrite("the alias is already what it was");
  const set = (alias: string): Call => setAlias(alias, subject.route, subject.accountId);
  return toPerson(
    {
      subject,
      expects: stateDigest(after),
      was: after,
      becomes: before.state,
      calls: [set(before.state.alias)],
      undo: [set(after.alias)],
    },
    "disrupts-logon",
    "the alias is in the name that every user logs on with",
  );
};

export const settingsRemedies: { readonly [kind in Kind]: Remedier<kind> } = {
  "security-preference": securityPreferenceRemedy,
  "password-policy": passwordPolicyRemedy,
  "account-alias": accountAliasRemedy,
  "sso-settings": ssoSettingsRemedy,
  domain: () => noRemedy("not-reversible", "no published operation removes a domain; the console does"),
};
