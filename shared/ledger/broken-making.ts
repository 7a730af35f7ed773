import type { RuleId } from "../domain/finding.ts";
import type { AccountId } from "../domain/identity.ts";
import { linkOf, subjectKey } from "../domain/kinds.ts";
import type { RecentChange } from "../domain/recent-change.ts";
import type { Occasion } from "../domain/trail-event.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { Clock } from "../ports/world.ts";
import type { Incident } from "./incident.ts";
import type { Ledger } from "./ledger.ts";
import { partiesAbout } from "./parties.ts";
import { rememberedOf } from "./recent-changes.ts";

type Store = { readonly state: StateStore; readonly clock: Clock; readonly accountId: AccountId };

/** The incident of a change that broke a rule, and the rule. */
export type BrokenMaking = { readonly incidentId: string; readonly rule: RuleId };

/**
 * How a link that is gone was made last: by a change of the last day that a rule would have had ended, and that nobody
 * accepted. That it was there before is proven by its removal; that it ought to have been is not. Undefined where
 * nothing of the kind is known.
 */
export const brokenMaking = async (
  { state, clock, accountId }: Store,
  ledger: Ledger,
  { subject, occurredAt }: Pick<Occasion, "subject" | "occurredAt">,
): Promise<BrokenMaking | undefined> => {
  if (linkOf(subject) === undefined) return undefined;
  const about = subjectKey(subject);
  const [party] = partiesAbout(subject);
  if (party === undefined) return undefined;
  const made = (await rememberedOf(state, clock, accountId, party))
    .filter((one) => one.effect === "made" && one.occurredAt <= occurredAt && subjectKey(one.subject) === about)
    .reduce<RecentChange | undefined>(
      (last, one) => (last === undefined || one.occurredAt >= last.occurredAt ? one : last),
      undefined,
    );
  const record = made === undefined ? undefined : await ledger.eventRecord({ ...made, about });
  const incident = record?.incidentId === undefined ? undefined : await ledger.incident(record.incidentId);
  return incident === undefined || isAccepted(incident) ? undefined : broken(incident);
};

const isAccepted = ({ decided, undoneBy }: Incident): boolean =>
  decided?.decision === "rejected" || undoneBy !== undefined;

const broken = ({ id, findings }: Incident): BrokenMaking | undefined => {
  const finding = findings.find(
    ({ verdict, maturity, exemption, response }) =>
      verdict.kind === "violation" &&
      maturity !== "trial" &&
      exemption === undefined &&
      (response === "revert" || response === "contain" || response === "ask"),
  );
  return finding === undefined ? undefined : { incidentId: id, rule: finding.rule };
};

/** What is said of a link that is not to be made again. */
export const brokenMakingText = ({ incidentId, rule }: BrokenMaking): string =>
  `what was before was made by a change that broke ${rule}: incident ${incidentId}`;
