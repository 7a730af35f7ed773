import { describe } from "vitest";
import { userOutsideProvisioner } from "../../shared/rules/user-outside-provisioner.ts";
import { ramUser, role, root, ruleTable, settings, stranger, user, userChange } from "./changes.ts";

const alice = ramUser("alice");

describe("a user that no provisioner made", () => {
  ruleTable(userOutsideProvisioner, {
    violates: {
      "somebody makes it": userChange("nothing", alice),
      "the account owner makes it": userChange("nothing", alice, { actor: root }),
      "a role of the provisioner's name in another account": userChange("nothing", alice, {
        actor: role("Identity-Provisioner", stranger),
      }),
      "a role that only the request names": userChange("nothing", alice, {
        actor: { ...role("Identity-Provisioner"), namedBy: "request" } as ReturnType<typeof role>,
      }),
      // What a user's maker is called must not make it one of the provisioners.
      "a user named like the provisioner's role": userChange("nothing", alice, { actor: user("Identity-Provisioner") }),
    },
    complies: {
      "a provisioner makes it": userChange("nothing", alice, { actor: role("identity-provisioner") }),
      "a pipeline makes it": {
        change: userChange("nothing", alice, { actor: role("terraform") }),
        facts: { settings: settings({ pipelines: [{ kind: "role", name: "Terraform" }] }) },
      },
      "it was there before": userChange(alice, ramUser("alice", { comments: "new" })),
      "nobody knows whether it was": userChange("unknown", alice),
      "it is gone, and nobody knows whether it was there": userChange("unknown", undefined),
      "it is gone": userChange(alice, undefined),
      "it is in the recycle bin again": userChange("nothing", ramUser("alice", { recycled: true })),
    },
    undetermined: {
      "nobody knows who made it": userChange("nothing", alice, { actor: undefined }),
      "nobody knows who made one with keys": userChange(
        "nothing",
        ramUser("alice", {
          holdings: {
            accessKeys: [{ accessKeyId: "LTAI5tExampleKey", status: "Active" }],
            login: null,
            mfaSerial: null,
            groups: [],
            grants: [],
          },
        }),
        { actor: undefined },
      ),
    },
  });
});
