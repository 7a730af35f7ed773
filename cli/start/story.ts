import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Sandbox, Snapshot } from "../../sandbox/index.ts";
import type { Config } from "../../shared/config.ts";
import { anyRuleById } from "../../shared/every-rule.ts";
import { auditTrust, deployTrust } from "./account.ts";

/**
 * Plays the attacker's story against the sandbox: a process of its own makes each change, and the next one comes when
 * the guard has answered. Rejects when the attacker itself fails.
 */
export const playStory = async (
  sandbox: Sandbox,
  onStep: (text: string) => void,
  afterStep: () => Promise<void>,
): Promise<void> => {
  const { accessKeyId, accessKeySecret } = sandbox.keyOf("platform-ops");
  const attacker = spawn(
    process.execPath,
    [...process.execArgv, fileURLToPath(new URL("./attacker.ts", import.meta.url))],
    {
      env: {
        ...process.env,
        ATTACKER_ENDPOINT: sandbox.endpoint,
        ATTACKER_KEY: accessKeyId,
        ATTACKER_SECRET: accessKeySecret,
      },
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const ended = new Promise<number | null>((resolve) => attacker.once("close", resolve));
  for await (const line of createInterface({ input: attacker.stdout })) {
    if (line.startsWith("step ")) onStep(line.slice("step ".length));
    if (line.startsWith("failed ")) throw new Error(`the attacker could not go on: ${line.slice("failed ".length)}`);
    if (line === "done") {
      await afterStep();
      attacker.stdin.write("next\n");
    }
  }
  const code = await ended;
  if (code !== 0) throw new Error(`the attacker ended with code ${code}`);
};

/** One thing that must be so when the story is over. */
export type Check = { readonly what: string; readonly holds: boolean };

/** Checks the account itself, read from the sandbox and not from what RAM Warden says of it. */
export const endState = (account: Snapshot, told: number): readonly Check[] => {
  const role = (name: string) => account.roles?.find((one) => one.roleName === name);
  const keys = (name: string) => account.users?.find((one) => one.userName === name)?.accessKeys ?? [];
  const grants = (principal: string, policy: string) =>
    (account.attachments ?? []).filter((one) => one.principalName === principal && one.policyName === policy);
  const trusts = (name: string, document: string) => sameJson(role(name)?.assumeRolePolicyDocument, document);
  const newKeys = keys("platform-ops").slice(1);
  return [
    { what: "deploy-production trusts whom it trusted before", holds: trusts("deploy-production", deployTrust) },
    {
      what: "deploy-production kept its description and its session length",
      holds:
        role("deploy-production")?.description === "deploys to production" &&
        role("deploy-production")?.maxSessionDuration === 7200,
    },
    { what: "audit-readonly asks for its ExternalId again", holds: trusts("audit-readonly", auditTrust) },
    {
      what: "the key made for finance-report is there, and Inactive",
      holds: keys("finance-report").length === 1 && keys("finance-report")[0]?.status === "Inactive",
    },
    {
      what: "the operator's new key is Inactive, the old one untouched",
      holds: newKeys.length === 1 && newKeys[0]?.status === "Inactive" && keys("platform-ops")[0]?.status === "Active",
    },
    { what: "alice is no administrator", holds: grants("alice", "AdministratorAccess").length === 0 },
    { what: "the group is no administrator in disguise", holds: grants("developers", "build-cache").length === 0 },
    {
      what: "the protected user was told about and not touched",
      holds: grants("break-glass", "AliyunRAMFullAccess").length === 1,
    },
    { what: "the engineer's role is there", holds: role("web-server") !== undefined },
    {
      what: "who was an administrator before still is",
      holds: grants("administrator", "AdministratorAccess").length === 1,
    },
    { what: "each of the eight incidents was told to the DingTalk group", holds: told === 8 },
  ];
};

/** What in the settings keeps the story from ending as it does by those that the example comes with. */
export const otherThanUsual = ({ guardrails, rules }: Pick<Config, "guardrails" | "rules">): readonly string[] => [
  ...(guardrails.mode === "observe" ? ["the mode is `observe`, in which nothing is written"] : []),
  ...Object.entries(rules.maturities ?? {}).flatMap(([rule, maturity]) =>
    maturity === "trial"
      ? [`the settings put \`${rule}\` on trial, so that it says what it would do and does not`]
      : [],
  ),
  ...Object.entries(rules.responses).flatMap(([rule, response]) =>
    response === anyRuleById(rule)?.response ? [] : [`the settings let \`${rule}\` do no more than \`${response}\``],
  ),
];

const sameJson = (a: unknown, b: string): boolean => {
  const parsed: unknown = typeof a === "string" ? JSON.parse(a) : a;
  return sorted(parsed) === sorted(JSON.parse(b));
};

/** Lists of one and single values mean the same in a RAM document. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) => {
    if (Array.isArray(member) && member.length === 1) return member[0] as unknown;
    if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
