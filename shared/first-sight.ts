import type { CloudError } from "./domain/cloud-error.ts";
import { subjectKey } from "./domain/kinds.ts";
import type { Result } from "./domain/result.ts";
import { failed, ok } from "./domain/result.ts";
import type { RoleTrustRef } from "./domain/subject.ts";
import { gone } from "./domain/subject.ts";
import { acceptBaseline, readBaseline } from "./ledger/baselines.ts";
import type { World } from "./ports/world.ts";
import { judgeChange } from "./rules/registry.ts";
import type { Settings } from "./settings.ts";

export type FirstSight = {
  readonly accepted: number;
  /** Roles whose trust breaks a rule as it stands: not accepted as a state to go back to. */
  readonly broken: readonly string[];
};

/**
 * Takes the trust policy of each role that has no baseline yet as the state to go back to. A role that breaks a rule as
 * it stands is left out: it is named, and stays without a baseline.
 */
export const takeFirstSight = async (world: World, settings: Settings): Promise<Result<FirstSight, CloudError>> => {
  const names = await world.roleNames();
  if (!names.ok) return failed(names.error);
  let accepted = 0;
  const broken: string[] = [];
  for (const roleName of names.value) {
    const subject: RoleTrustRef = { kind: "role-trust", accountId: world.accountId, roleName, route: "Ram" };
    const key = subjectKey(subject);
    if ((await readBaseline(world.state, world.accountId, key)) !== undefined) continue;
    const since = world.clock.now();
    const read = await world.read(subject);
    if (!read.ok) return failed(read.error);
    if (read.value.kind !== "role-trust") continue;
    const before = { known: true, state: gone, provenance: "proven-by-event" } as const;
    const change = { kind: "role-trust", subject, before, after: read.value, actor: undefined } as const;
    if (judgeChange(change, { settings: settings.rules }).length > 0) broken.push(roleName);
    else if (
      await acceptBaseline(world.state, world.accountId, key, { state: read.value, since, source: "first-sight" })
    )
      accepted += 1;
  }
  return ok({ accepted, broken });
};
