import type { CloudError } from "./domain/cloud-error.ts";
import type { AccountId } from "./domain/identity.ts";
import { subjectKey } from "./domain/kinds.ts";
import type { Result } from "./domain/result.ts";
import { failed, ok } from "./domain/result.ts";
import type { RoleTrustRef } from "./domain/subject.ts";
import { gone } from "./domain/subject.ts";
import { acceptBaseline, readBaseline } from "./ledger/baselines.ts";
import type { World } from "./ports/world.ts";
import { forbidsState, judgeChange } from "./rules/registry.ts";
import type { Settings } from "./settings.ts";

export type FirstSight = {
  readonly accepted: number;
  /** Roles of which an accepted state is known already: a first sight never replaces it. */
  readonly kept: number;
  /** Roles whose trust breaks a rule as it stands: not accepted as a state to go back to. */
  readonly broken: readonly string[];
};

/** What a role came to at first sight: `known` where it has a baseline already. */
export type Sight = "known" | "gone" | "accepted" | "broken";

/** Who a role of this account is, by its name. */
export const roleRef = (accountId: AccountId, roleName: string): RoleTrustRef => ({
  kind: "role-trust",
  accountId,
  roleName,
  route: "Ram",
});

/** Takes one role's trust policy as the state to go back to, unless it has one or breaks a rule as it stands. */
export const firstSightOf = async (
  world: World,
  settings: Settings,
  roleName: string,
): Promise<Result<Sight, CloudError>> => {
  const subject = roleRef(world.accountId, roleName);
  const key = subjectKey(subject);
  if ((await readBaseline(world.state, world.accountId, key)) !== undefined) return ok("known");
  const since = world.clock.now();
  const read = await world.read(subject);
  if (!read.ok) return failed(read.error);
  if (read.value.kind !== "role-trust") return ok("gone");
  const before = { known: true, state: gone, provenance: "proven-by-event" } as const;
  const change = { kind: "role-trust", subject, before, after: read.value, actor: undefined } as const;
  if (forbidsState(judgeChange(change, { settings: settings.rules }))) return ok("broken");
  const baseline = { state: read.value, since, source: "first-sight" } as const;
  return ok((await acceptBaseline(world.state, world.accountId, key, baseline)) ? "accepted" : "known");
};

/**
 * Takes the trust policy of each role that has no baseline yet as the state to go back to. A role that breaks a rule as
 * it stands is left out: it is named, and stays without a baseline.
 */
export const takeFirstSight = async (world: World, settings: Settings): Promise<Result<FirstSight, CloudError>> => {
  const names = await world.roleNames();
  if (!names.ok) return failed(names.error);
  let accepted = 0;
  let kept = 0;
  const broken: string[] = [];
  for (const roleName of names.value) {
    const sight = await firstSightOf(world, settings, roleName);
    if (!sight.ok) return failed(sight.error);
    if (sight.value === "broken") broken.push(roleName);
    else if (sight.value === "accepted") accepted += 1;
    else if (sight.value === "known") kept += 1;
  }
  return ok({ accepted, kept, broken });
};
