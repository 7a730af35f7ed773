import type { Config } from "../../shared/config.ts";
import { endsSoonMs, isInForce } from "../../shared/domain/exemption.ts";
import { allExemptions, exemptionPosture } from "../../shared/exempted.ts";
import type { World } from "../../shared/ports/world.ts";
import { type Check, check } from "./check.ts";

/** Whether the exemptions can be read, and which of them end soon. */
export const exempts = async (world: World, config: Config): Promise<readonly Check[]> => {
  const name = "exemptions";
  const posture = await exemptionPosture(world, config);
  if (posture.problems.length > 0) return posture.problems.map((problem) => check(name, "bad", problem));
  const now = world.clock.now();
  const all = allExemptions(posture);
  const inForce = all.filter((exemption) => isInForce(exemption, now));
  const soon = inForce.filter(({ until }) => until - now <= endsSoonMs);
  const over = all.filter(({ until }) => until <= now).length;
  const counts = `${inForce.length} in force, ${over} over`;
  return [
    soon.length === 0
      ? check(name, "ok", counts)
      : check(name, "warning", `${counts}; within a week these end: ${soon.map(({ id }) => `\`${id}\``).join(", ")}`),
  ];
};
