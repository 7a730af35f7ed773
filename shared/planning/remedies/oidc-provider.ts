import type { Change } from "../../domain/change.ts";
import type { Response } from "../../domain/finding.ts";
import type { Reason, Remediation } from "../../domain/plan.ts";
import type { Result } from "../../domain/result.ts";
import { failed, ok } from "../../domain/result.ts";
import type { OidcProvider, OidcProviderRef } from "../../domain/subjects/federation.ts";
import {
  addToOidcProvider,
  createOidcProvider,
  deleteOidcProvider,
  removeFromOidcProvider,
  updateOidcProvider,
} from "../../operations/federation-calls.ts";
import { stateDigest } from "../../operations/state-digest.ts";
import type { Chosen, Remedier } from "../chosen.ts";
import { noRemedy, nothingToWrite, putBack, toPerson } from "../chosen.ts";
import { inSteps, type Step } from "./in-steps.ts";
import { providerDeleted, providerMadeAgain } from "./providers.ts";

/** A provider that is new is deleted, one that is gone is made again by a person's word, and one that was changed loses what it was given. */
export const oidcProviderRemedy: Remedier<"oidc-provider"> = (change, asked) => {
  const { before, after, subject } = change;
  if (!before.known) return noRemedy("prior-state-unknown", before.because);
  const { state: was } = before;
  if (after.kind === "gone")
    return was.kind === "gone" ? nothingToWrite("the subject is gone") : providerMadeAgain(subject, was, callsOf(was));
  return was.kind === "gone"
    ? providerDeleted(subject, after, callsOf(after), asked)
    : changedBack(change, was, after, asked);
};

const callsOf = (provider: OidcProvider) => ({
  make: createOidcProvider(provider),
  remove: deleteOidcProvider(provider.providerName),
});

const without = (list: readonly string[], other: readonly string[]): readonly string[] =>
  list.filter((each) => !other.includes(each));

/** More client ids than these are set by one call that replaces the list. */
const mostSingleIds = 3;

type List = "clientIds" | "fingerprints";
const wordOf = { clientIds: "ClientId", fingerprints: "Fingerprint" } as const;

/** The calls from one state of a provider to another: what is taken away first, what is given last. */
const stepsBetween = (from: OidcProvider, to: OidcProvider): readonly Step[] => {
  const steps: Step[] = [];
  let state = from;
  const step = (leaves: OidcProvider, call: Step["call"], back: Step["back"]): void => {
    steps.push({ leaves, call, back });
    state = leaves;
  };
  const move = (list: List, value: string, given: boolean): void => {
    const add = addToOidcProvider(from.providerName, wordOf[list], value);
    const remove = removeFromOidcProvider(from.providerName, wordOf[list], value);
    const values = given ? [...state[list], value] : without(state[list], [value]);
    step({ ...state, [list]: values }, given ? add : remove, given ? remove : add);
  };
  const take = (list: List): void => {
    for (const value of without(state[list], to[list])) move(list, value, false);
  };
  const give = (list: List): void => {
    for (const value of without(to[list], state[list])) move(list, value, true);
  };
  const update = (leaves: OidcProvider): void => step(leaves, updateOidcProvider(leaves), updateOidcProvider(state));
  const many =
    without(from.clientIds, to.clientIds).length + without(to.clientIds, from.clientIds).length > mostSingleIds;
  if (!many) take("clientIds");
  take("fingerprints");
  const rest = { description: to.description, issuanceLimitTime: to.issuanceLimitTime };
  if (many) update({ ...state, ...rest, clientIds: to.clientIds });
  else if (rest.description !== state.description || rest.issuanceLimitTime !== state.issuanceLimitTime)
    update({ ...state, ...rest });
  if (!many) give("clientIds");
  give("fingerprints");
  return steps;
};

const remediationTo = (subject: OidcProviderRef, now: OidcProvider, to: OidcProvider): Result<Remediation, Reason> => {
  const [first, ...others] = stepsBetween(now, to);
  return first === undefined
    ? failed({ kind: "nothing-to-write", detail: "the provider is already what it was" })
    : ok(inSteps(subject, now, [first, ...others]));
};

/** The list as it stands, without what the change added to it and with what the change took from it. */
const listBack = (list: List, was: OidcProvider, told: OidcProvider, now: OidcProvider): readonly string[] => {
  const kept = without(now[list], without(told[list], was[list]));
  return [...kept, ...without(without(was[list], told[list]), kept)];
};

const valueBack = <Value>(was: Value, told: Value, now: Value): Value => (now === told ? was : now);

/** The provider as it stands, with only that put back which the change changed. */
const asItWas = (was: OidcProvider, told: OidcProvider, now: OidcProvider): OidcProvider => ({
  ...now,
  clientIds: listBack("clientIds", was, told, now),
  fingerprints: listBack("fingerprints", was, told, now),
  description: valueBack(was.description, told.description, now.description),
  issuanceLimitTime: valueBack(was.issuanceLimitTime, told.issuanceLimitTime, now.issuanceLimitTime),
});

/** What the provider was given is taken away at once; what was taken from it is for a person to give back. */
const changedBack = (
  { subject, claimed }: Change<"oidc-provider">,
  was: OidcProvider,
  now: OidcProvider,
  asked: Response,
): Result<Chosen, Reason> => {
  const told = claimed?.kind === "oidc-provider" ? claimed : now;
  const target = asItWas(was, told, now);
  const closed: OidcProvider = {
    ...target,
    clientIds: target.clientIds.filter((each) => now.clientIds.includes(each)),
    fingerprints: target.fingerprints.filter((each) => now.fingerprints.includes(each)),
    issuanceLimitTime: Math.min(now.issuanceLimitTime, target.issuanceLimitTime),
  };
  const whole = remediationTo(subject, now, target);
  if (!whole.ok) return whole;
  if (stateDigest(told) !== stateDigest(now))
    return toPerson(
      whole.value,
      "changed-again",
      "the provider was changed again since, so only what this change did would be put back; the newer change is judged by itself",
    );
  if (stateDigest(closed) === stateDigest(target)) return putBack(whole.value, asked);
  const gives =
    without(target.clientIds, now.clientIds).length > 0 || without(target.fingerprints, now.fingerprints).length > 0
      ? ({ kind: "grants-privilege", detail: "what was taken from the provider lets somebody in again" } as const)
      : ({ kind: "weakens-protection", detail: "older tokens would be accepted again" } as const);
  const first = remediationTo(subject, now, closed);
  return asked === "ask" || !first.ok
    ? toPerson(whole.value, gives.kind, gives.detail)
    : ok({
        remediation: first.value,
        response: "contain",
        because: { ...gives, detail: `${gives.detail}; a person gives it back` },
      });
};
