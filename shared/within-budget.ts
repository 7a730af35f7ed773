import { actorKey, actorText } from "./domain/identity.ts";
import { subjectKey, subjectText } from "./domain/kinds.ts";
import type { Plan, Reason, ReasonKind } from "./domain/plan.ts";
import type { Occasion } from "./domain/trail-event.ts";
import { budgetMs, failuresName, takeUse, usesOf } from "./ledger/budget.ts";
import { readKillSwitch } from "./ledger/kill-switch.ts";
import { isWriting, onlyTelling } from "./planning/plan-change.ts";
import type { World } from "./ports/world.ts";
import type { Settings } from "./settings.ts";

const hours = budgetMs / 3_600_000;

/**
 * The plan as far as the budgets bear it. A budget that is spent is a reason to tell and not to write: whoever made us
 * write so often may want just that, and two parties that change one subject back and forth never end.
 */
export const withinBudget = async (
  world: Pick<World, "state" | "clock" | "accountId">,
  { guardrails }: Settings,
  event: Occasion,
  plan: Plan,
): Promise<Plan> => {
  if (guardrails.mode !== "enforce" || !isWriting(plan)) return plan;
  const reason = await hindrance(world, guardrails.budgets, event, plan);
  return reason === undefined ? plan : onlyTelling(plan, reason);
};

const hindrance = async (
  { state, clock, accountId }: Pick<World, "state" | "clock" | "accountId">,
  budgets: Settings["guardrails"]["budgets"],
  { eventId, actor }: Occasion,
  { findings, change }: Plan,
): Promise<Reason | undefined> => {
  const stop = await readKillSwitch(state, accountId);
  if (stop !== undefined) return { kind: "kill-switch", detail: `${stop.by} switched writing off: ${stop.because}` };
  if ((await usesOf(state, clock, accountId, failuresName)) >= budgets.failures)
    return {
      kind: "circuit-open",
      detail: `${budgets.failures} writes within ${hours} h did not end well; no more are made until that is past`,
    };
  const spent = (kind: ReasonKind, what: string, limit: number): Reason => ({
    kind,
    detail: `${limit} writes within ${hours} h for ${what} are spent`,
  });
  const take = (name: string, limit: number) => takeUse(state, clock, accountId, name, eventId, limit);
  const { subject } = change;
  const party = actor === undefined ? "somebody unknown" : actorText(actor);
  if (!(await take(`subject/${subjectKey(subject)}`, budgets.subject)))
    return {
      kind: "oscillation",
      detail: `${party} and RAM Warden have changed the ${subjectText(subject)} back and forth ${budgets.subject} times within ${hours} h`,
    };
  for (const rule of new Set(findings.map((finding) => finding.rule)))
    if (!(await take(`rule/${rule}`, budgets.rule))) return spent("rule-budget", rule, budgets.rule);
  if (!(await take(`actor/${actor === undefined ? "unknown" : actorKey(actor)}`, budgets.actor)))
    return spent("actor-budget", `what ${party} does`, budgets.actor);
  if (!(await take("account", budgets.account))) return spent("account-budget", "the account", budgets.account);
  return undefined;
};
