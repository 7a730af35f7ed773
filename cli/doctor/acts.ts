import { actingSessions } from "../../shared/aliyun/sts.ts";
import type { TransportOptions } from "../../shared/aliyun/transport.ts";
import type { Config } from "../../shared/config.ts";
import { unknownModeText } from "../../shared/config.ts";
import { ok } from "../../shared/domain/result.ts";
import { readKillSwitch } from "../../shared/ledger/kill-switch.ts";
import type { World } from "../../shared/ports/world.ts";
import { type Check, check, refusedBy } from "./check.ts";

/** A session by this policy can do nothing at all: what is tried out is that there can be one. */
const nothingAllowed = '{"Version":"1","Statement":[{"Effect":"Deny","Action":["*"],"Resource":["*"]}]}';

/** Whether the acting role can be assumed. Nothing is written. */
export const acts = async (
  world: World,
  { guardrails, rules }: Config,
  options: TransportOptions,
): Promise<readonly Check[]> => {
  const name = "acting role";
  const { acting } = guardrails.ownRoles;
  if (acting === undefined) return [check(name, "warning", "the settings name none, so nothing is ever written")];
  const act = actingSessions({
    transport: options,
    actingRoleArn: `acs:ram::${rules.accountId}:role/${acting}`,
    sessionPolicy: () => ok(nothingAllowed),
  });
  const session = await act(world.newId(), []);
  if (session.ok) return [check(name, "ok", `\`${acting}\` can be assumed`)];
  if (session.error.kind !== "forbidden") return [refusedBy(name, session.error)];
  return [await trusted(world, acting, guardrails.ownRoles.looking)];
};

/** Whoever runs this may not be whom the acting role trusts; then its own document tells. */
const trusted = async ({ read, accountId }: World, acting: string, looking: string | undefined): Promise<Check> => {
  const name = "acting role";
  const role = await read({ kind: "role-trust", accountId, route: "Ram", roleName: acting });
  if (!role.ok) return refusedBy(name, role.error);
  if (role.value.kind !== "role-trust") return check(name, "bad", `there is no role \`${acting}\``);
  if (looking === undefined)
    return check(name, "bad", `these credentials may not assume \`${acting}\`, and the settings name no looking role`);
  const arn = `acs:ram::${accountId}:role/${looking}`;
  return role.value.document.toLowerCase().includes(`"${arn.toLowerCase()}"`)
    ? check(name, "ok", `these credentials may not assume \`${acting}\`; its trust policy names \`${looking}\``)
    : check(name, "bad", `the trust policy of \`${acting}\` does not name \`${arn}\``);
};

/** Whether what is found would be written at all. */
export const writes = async (
  world: Pick<World, "state" | "accountId">,
  { guardrails, unknownMode }: Pick<Config, "guardrails" | "unknownMode">,
): Promise<readonly Check[]> => {
  const stop = await readKillSwitch(world.state, world.accountId);
  return [
    guardrails.mode === "enforce"
      ? check("mode", "ok", "`enforce`")
      : check("mode", "warning", "`observe`: what would be written is said and not done"),
    ...(unknownMode === undefined ? [] : [check("mode", "warning", unknownModeText(unknownMode))]),
    stop === undefined
      ? check("kill switch", "ok", "off")
      : check(
          "kill switch",
          "bad",
          `writing is off since ${new Date(stop.at).toISOString()}, by ${stop.by}: ${stop.because}`,
        ),
  ];
};
