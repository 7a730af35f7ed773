import { type Config, readConfig } from "../../../shared/config.ts";
import { accountId, partner } from "../../support/guarded-account.ts";
import type { Conditions } from "./conditions.ts";

type Given = Pick<Conditions, "budgets" | "outsidePipeline">;

/** How many writes may be made within an hour: more than anybody needs, as many as are usual, or soon spent. */
const budgets = {
  ample: "{ rule: 10000, actor: 10000, account: 10000, subject: 10000, failures: 10000 }",
  usual: "{}",
  tight: "{ rule: 4, actor: 3, account: 6, subject: 1, failures: 2 }",
} as const;

/** Only in an account that is kept as code does any change break a rule. */
const pipelines = `
pipelines: [user/pipeline]
rules:
  RAM.ChangeOutsidePipeline: { response: revert }
`;

const textOf = (given: Given): string => `
mode: enforce
account: "${accountId}"
region: cn-hangzhou
language: en
timeZone: UTC
audit: off
roles: { looking: ram-warden-looking, acting: ram-warden-acting }
trusted:
  accounts: ["${partner}"]
  services: [ecs.aliyuncs.com, fc.aliyuncs.com]
provisioners: [user/provisioner]
protected: [user/break-glass, role/break-glass]
highRiskPolicies: [AliyunSTSAssumeRoleAccess]
budgets: ${budgets[given.budgets]}
channels:
  - kind: console
${given.outsidePipeline ? pipelines : ""}`;

const read = new Map<string, Config>();

/** The settings of one simulation. */
export const settingsOf = (given: Given): Config => {
  const text = textOf(given);
  const known = read.get(text);
  if (known !== undefined) return known;
  const config = readConfig(text, "warden.yaml", {});
  if (!config.ok) throw new Error(`the settings of the simulation are refused: ${JSON.stringify(config.error)}`);
  read.set(text, config.value);
  return config.value;
};
