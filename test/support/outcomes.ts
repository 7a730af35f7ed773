import { expect } from "vitest";
import type { Snapshot } from "../../sandbox/index.ts";
import type { ReasonKind } from "../../shared/domain/plan.ts";
import type { Incident } from "../../shared/ledger/incident.ts";
import type { KeptAsCode } from "./kept-as-code.ts";

type Change = () => Promise<unknown>;

const operations = (account: KeptAsCode): readonly string[] => account.actingWrites().map(({ operation }) => operation);

/** Makes a change of which the guard is told, and answers the incidents it led to, with the account before and after it. */
const played = async (account: KeptAsCode, change: Change) => {
  const [earlier, written] = [(await account.incidents()).length, operations(account).length];
  const before = account.standing();
  await change();
  const changed = account.standing();
  await account.catchUp();
  const incidents = (await account.incidents()).slice(earlier);
  return { before, changed, incidents, written: operations(account).slice(written) };
};

/** The same event again, by the same route and by another: nothing more comes of it. */
const comesAgain = async (account: KeptAsCode): Promise<void> => {
  const [standing, written, told] = [account.standing(), operations(account), (await account.incidents()).length];
  for (const event of account.events()) await account.deliver(event);
  expect(account.standing()).toEqual(standing);
  expect(operations(account)).toEqual(written);
  expect(await account.incidents()).toHaveLength(told);
};

const noneDenied = (account: KeptAsCode): void => expect(account.denied()).toEqual([]);

const only = (incidents: readonly Incident[]): Incident => {
  expect(incidents).toHaveLength(1);
  return incidents[0] as Incident;
};

const undoes = async (account: KeptAsCode, incident: Incident, changed: Snapshot): Promise<void> => {
  expect(await account.undo(incident)).toMatchObject({ ok: true, value: { outcome: { kind: "undone" } } });
  expect(account.standing()).toEqual(changed);
  await comesAgain(account);
};

type Written = {
  /** The operations that are sent, as `UpdateLoginProfile`. */
  readonly sent: readonly string[];
  /** Whether a way leads back; it does unless said. */
  readonly undo?: boolean;
};

/** The change is put back exactly, and what was put back can be taken back. */
export const isReverted = async (account: KeptAsCode, change: Change, { sent, undo = true }: Written) => {
  const { before, changed, incidents, written } = await played(account, change);
  const incident = only(incidents);
  expect([incident.outcome, incident.because]).toEqual([{ kind: "reverted" }, undefined]);
  expect(written).toEqual(sent);
  expect(account.standing()).toEqual(before);
  noneDenied(account);
  await comesAgain(account);
  if (undo) await undoes(account, incident, changed);
  else
    expect(await account.undo(incident)).toMatchObject({
      ok: false,
      error: { because: expect.stringMatching(/no way/) },
    });
  return incident;
};

/** The change is contained: the account is as `standing` makes of what the change left. */
export const isContained = async (
  account: KeptAsCode,
  change: Change,
  { sent, standing }: Written & { readonly standing: (changed: Snapshot) => Snapshot },
) => {
  const { changed, incidents, written } = await played(account, change);
  const [incident, ...others] = incidents.filter(({ outcome }) => outcome?.kind === "contained");
  if (incident === undefined) throw new Error(`nothing was contained: ${JSON.stringify(incidents)}`);
  expect(others).toEqual([]);
  expect(written).toEqual(sent);
  expect(account.standing()).toEqual(standing(changed));
  noneDenied(account);
  await comesAgain(account);
  await undoes(account, incident, changed);
  return incidents;
};

/** A person is asked, for a named reason; carried out on their word, the calls lead to `standing`: what was before, unless given. */
export const isAsked = async (
  account: KeptAsCode,
  change: Change,
  reason: ReasonKind,
  { sent, standing }: Written & { readonly standing?: Snapshot },
) => {
  const { before, changed, incidents, written } = await played(account, change);
  const incident = only(incidents);
  expect([incident.outcome, incident.because?.kind]).toEqual([{ kind: "asked" }, reason]);
  expect(written).toEqual([]);
  expect(account.standing()).toEqual(changed);
  await comesAgain(account);
  expect(await account.approve(incident)).toMatchObject({ kind: "held" });
  expect(operations(account)).toEqual(sent);
  expect(account.standing()).toEqual(standing ?? before);
  noneDenied(account);
  return incident;
};

/** The change is told, with the reason why nothing is written. */
export const isTold = async (account: KeptAsCode, change: Change, reason: ReasonKind) => {
  const { changed, incidents, written } = await played(account, change);
  const incident = only(incidents);
  expect([incident.outcome, incident.because?.kind]).toEqual([{ kind: "alerted" }, reason]);
  expect(incident.remediation).toBeUndefined();
  expect(written).toEqual([]);
  expect(account.standing()).toEqual(changed);
  noneDenied(account);
  await comesAgain(account);
  return incident;
};
