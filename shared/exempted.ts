import { changeDigest } from "./change-digest.ts";
import type { Change } from "./domain/change.ts";
import type { Exemption } from "./domain/exemption.ts";
import { isInForce } from "./domain/exemption.ts";
import type { Finding } from "./domain/finding.ts";
import type { Actor } from "./domain/identity.ts";
import { actorKey } from "./domain/identity.ts";
import { subjectKey } from "./domain/kinds.ts";
import type { Plan, Reason } from "./domain/plan.ts";
import type { SubjectRef } from "./domain/subject.ts";
import type { Occasion } from "./domain/trail-event.ts";
import { keepState } from "./ledger/baselines.ts";
import { grantedExemptions, keepLetBe, letBeRows } from "./ledger/exemptions.ts";
import type { OpenChain } from "./ledger/recent-changes.ts";
import type { Exemptions } from "./planning/exemptions.ts";
import { exemptFindings, exemptionsOf, scopeOf } from "./planning/exemptions.ts";
import { isWriting, onlyTelling } from "./planning/plan-change.ts";
import type { World } from "./ports/world.ts";
import type { Facts } from "./rules/kit/rule.ts";
import { isNeeded } from "./rules/registry.ts";
import type { Settings } from "./settings.ts";

/** All exemptions that may count: of the file, and granted ones. Several, as the file's are looked up as they were read. */
export type Posture = {
  readonly lists: readonly Exemptions[];
  /** What is wrong with those that cannot be read, each with its place. */
  readonly problems: readonly string[];
};

export const exemptionPosture = async (
  { state, accountId }: Pick<World, "state" | "accountId">,
  { exemptions }: Settings,
): Promise<Posture> => {
  const granted = await grantedExemptions(state, accountId);
  return {
    lists: [
      ...(exemptions?.kind === "read" ? [exemptions.exemptions] : []),
      ...(granted.ok ? [exemptionsOf(granted.value.filter(({ revoked }) => revoked === undefined))] : []),
    ],
    problems: [
      ...(exemptions?.kind === "unreadable" ? exemptions.problems : []),
      ...(granted.ok ? [] : [granted.error]),
    ],
  };
};

export const allExemptions = ({ lists }: Posture): readonly Exemption[] => lists.flatMap(({ all }) => all);

/** The patterns of those in force, for a change of an identity by whose name they may be meant; nothing for any other. */
export const exemptPatterns = async (
  world: Pick<World, "state" | "accountId" | "clock">,
  settings: Settings,
  { kind }: SubjectRef,
): Promise<Pick<Facts, "exempt">> => {
  if (!isNeeded("exempt", kind, settings.rules)) return {};
  const all = allExemptions(await exemptionPosture(world, settings)).filter((one) => isInForce(one, world.clock.now()));
  return {
    exempt: {
      actors: all.flatMap(({ actor }) => actor ?? []),
      subjects: all.flatMap(({ subject }) => subject ?? []),
    },
  };
};

/** The findings, each that is exempt now with its exemption. */
export const exempted = (
  { lists }: Posture,
  change: Change,
  findings: readonly Finding[],
  now: number,
): readonly Finding[] => {
  let digest: string | undefined;
  const scope = scopeOf(change, () => {
    digest ??= changeDigest(change);
    return digest;
  });
  return lists.reduce((judged, list) => exemptFindings(judged, scope, list, now), findings);
};

/**
 * The findings on a state that another made since: whoever made that is not known, and that the event's actor may make
 * changes says something of what the event itself broke, and nothing of what came on top.
 */
export const exemptedBesideClaim = (
  posture: Posture,
  change: Change,
  findings: readonly Finding[],
  claimed: readonly Finding[],
  now: number,
): readonly Finding[] => {
  const own = new Set(claimed.map((finding) => JSON.stringify(finding)));
  const byNobody = { ...change, actor: undefined } as Change;
  return findings.flatMap((finding) =>
    exempted(posture, own.has(JSON.stringify(finding)) ? change : byNobody, [finding], now),
  );
};

/**
 * The finding of a chain, exempt where an exemption covers it for each of those who made its pieces: it is the work of all,
 * and whoever comes last does not answer for the others. An exemption of one state covers none, as a chain is of several.
 */
export const exemptedChain = (
  { lists }: Posture,
  { target, pieces }: Pick<OpenChain, "target" | "pieces">,
  finding: Finding,
  now: number,
): Finding => {
  const makers = new Map(pieces.map(({ actor }) => [actorKey(actor), actor]));
  const judged = [...makers.values()].flatMap((actor) => {
    const scope = scopeOf({ subject: target, actor }, () => "");
    return lists.reduce<readonly Finding[]>((found, list) => exemptFindings(found, scope, list, now), [finding]);
  });
  return judged.find(({ exemption }) => exemption === undefined) ?? judged.at(-1) ?? finding;
};

/**
 * Whether a finding on a state is exempt: whoever made it so, or by whom it is known to have been made so and let be. The
 * maker of any other state is not known.
 */
export const isExemptState = async (
  { state, accountId }: Pick<World, "state" | "accountId">,
  posture: Posture,
  change: Change,
  finding: Finding,
  now: number,
): Promise<boolean> => {
  const covers = (actor: Actor | undefined): boolean =>
    exempted(posture, { ...change, actor } as Change, [finding], now)[0]?.exemption !== undefined;
  if (covers(undefined)) return true;
  const made = changeDigest(change);
  return (await letBeRows(state, accountId)).some(({ letBe }) => letBe.made === made && covers(letBe.event.actor));
};

/** Findings on things as they stand, each that is exempt whoever made it so; an exemption of an actor, or of one state, covers none. */
export const exemptStanding = <Found extends { readonly subject: SubjectRef; readonly finding: Finding }>(
  { lists }: Posture,
  found: readonly Found[],
  now: number,
): readonly Found[] =>
  found.map((one) => {
    const scope = scopeOf({ subject: one.subject, actor: undefined }, () => "");
    const [finding = one.finding] = lists.reduce<readonly Finding[]>(
      (judged, list) => exemptFindings(judged, scope, list, now),
      [one.finding],
    );
    return { ...one, finding };
  });

/** Where exemptions cannot be read, one of them may cover whatever would be written: then it is told and left. */
export const unlessUnreadable = (plan: Plan, { problems }: Posture): Plan => {
  const [first] = problems;
  if (first === undefined || !isWriting(plan)) return plan;
  const because: Reason = { kind: "exemptions-unreadable", detail: first };
  return onlyTelling(plan, because);
};

/**
 * Notes what is let be because it is exempt, so that it is judged anew once the exemption is over. Where nothing but exempt
 * findings is held against a change, its state is the one that a later change goes back to: somebody answers for it.
 */
export const noteLetBe = async (
  world: Pick<World, "state" | "accountId" | "clock">,
  event: Occasion,
  plan: Plan,
): Promise<void> => {
  const exemptions = plan.findings.flatMap(({ exemption }) => (exemption === undefined ? [] : [exemption.id]));
  if (exemptions.length === 0 || isWriting(plan)) return;
  const { subject, before, after } = plan.change;
  // A state that another made since is accepted by the event of that one, or not at all.
  const isAccepted = plan.because?.kind === "exempt" && plan.ofClaim === undefined && after.kind !== "gone";
  await keepLetBe(world.state, world.accountId, subjectKey(subject), {
    event,
    before,
    exemptions,
    ...(after.kind === "gone" ? {} : { left: after }),
    ...(isAccepted ? { made: changeDigest(plan.change) } : {}),
  });
  if (isAccepted)
    await keepState(world.state, subject, {
      state: after,
      since: Math.min(event.occurredAt, world.clock.now()),
      source: "event",
    });
};
