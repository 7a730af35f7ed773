import { readConfig } from "../../../shared/config.ts";
import { accountId, partner } from "../../support/guarded-account.ts";

const read = readConfig(
  `
mode: enforce
account: "${accountId}"
region: cn-hangzhou
language: en
timeZone: UTC
roles: { looking: ram-warden-looking, acting: ram-warden-acting, approving: ram-warden-approving }
trusted:
  accounts: ["${partner}"]
  services: [ecs.aliyuncs.com, fc.aliyuncs.com]
protected: [user/break-glass, role/break-glass]
rules:
  RAM.ChangeOutsidePipeline: { response: revert }
channels:
  - kind: console
`,
  "warden.yaml",
  {},
);
if (!read.ok) throw new Error(`the settings of the model are refused: ${JSON.stringify(read.error)}`);

/** An account that is kept as code: whatever anybody changes is to be put back. */
export const config = read.value;
