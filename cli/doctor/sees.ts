import type { CloudError } from "../../shared/domain/cloud-error.ts";
import type { AccountId } from "../../shared/domain/identity.ts";
import type { Result } from "../../shared/domain/result.ts";
import type { World } from "../../shared/ports/world.ts";
import { type Check, check, refusedBy } from "./check.ts";

/** A name that nobody bears: that there is no such thing is an answer, and only whoever may read gets it. */
const nobody = "ram-warden-doctor";

type Look = (world: World, accountId: AccountId) => Promise<Result<unknown, CloudError>>;

/** One cheap read of each family that judging works with. */
const looks: readonly (readonly [string, Look])[] = [
  ["roles", ({ inventory }) => inventory("role-trust")],
  ["users", ({ keeperOf }) => keeperOf(nobody)],
  ["logons", ({ read }, accountId) => read({ kind: "login", accountId, route: "Ims", userName: nobody })],
  ["groups", ({ read }, accountId) => read({ kind: "group", accountId, route: "Ims", groupName: nobody })],
  ["policies", ({ policyDocument }) => policyDocument({ type: "System", name: "AdministratorAccess" })],
  ["grants", ({ holdersOf }) => holdersOf({ type: "System", name: "AdministratorAccess" })],
  ["settings", ({ read }, accountId) => read({ kind: "security-preference", accountId, route: "Ims" })],
  [
    "federation",
    ({ read }, accountId) => read({ kind: "saml-provider", accountId, route: "Ims", providerName: nobody }),
  ],
  [
    "resource groups",
    ({ read }, accountId) => read({ kind: "resource-group-setting", accountId, route: "ResourceManager" }),
  ],
  [
    "audit trail",
    ({ trail, clock }) => trail({ from: clock.now() - 3_600_000, to: clock.now(), service: "Ram", writesOnly: true }),
  ],
];

/** Whether everything can be read that judging looks at. */
export const sees = async (world: World): Promise<readonly Check[]> => {
  const checks: Check[] = [];
  for (const [family, look] of looks) {
    const read = await look(world, world.accountId);
    const isRead = read.ok || read.error.kind === "not-found";
    checks.push(isRead ? check(`read ${family}`, "ok", "readable") : refusedBy(`read ${family}`, read.error));
  }
  return checks;
};
