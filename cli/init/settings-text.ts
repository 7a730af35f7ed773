import type { Answers } from "./answers.ts";

/** A text as YAML takes it for a text, whatever is in it. */
const quoted = (text: string): string => JSON.stringify(text);

/** Plain where nothing in it means anything to YAML. */
const plain = (text: string): string => (/^[A-Za-z][A-Za-z0-9/._-]*$/.test(text) ? text : quoted(text));

const list = (values: readonly string[], form: (value: string) => string): string => `[${values.map(form).join(", ")}]`;

const channels: { readonly [kind: string]: string } = {
  dingtalk: `channels:
  - kind: dingtalk
    url: { env: DINGTALK_WEBHOOK } # the robot's webhook URL, with its access token
    secret: { env: DINGTALK_SECRET } # the robot's signing secret`,
  webhook: `channels:
  - kind: webhook
    url: { env: WARDEN_WEBHOOK }
    secrets: [{ env: WARDEN_WEBHOOK_SECRET }] # \`whsec_…\`, the newest first`,
  console: `channels:
  - kind: console`,
};

const states: { readonly [kind: string]: string } = {
  sqlite: `state:
  kind: sqlite
  path: .warden/state.sqlite`,
  tablestore: `state:
  kind: tablestore
  endpoint: https://INSTANCE.REGION.ots.aliyuncs.com # put yours here
  instance: INSTANCE
  table: ram_warden`,
};

/** The settings that answers lead to, with a comment on each key. Whether they are right is for their reader to say. */
export const settingsTextOf = (answers: Answers): string => {
  const { account, region, language, timeZone, mode, trustedAccounts, pipelines, provisioners, protectedOnes } =
    answers;
  return `# The settings of RAM Warden. Every key, and what it may hold: docs/warden.schema.json.
# \`warden rules --effective\` says what they come to for each rule, \`warden doctor\` whether they work.

# \`observe\` says what would have been done and writes nothing; \`enforce\` does it.
mode: ${plain(mode)}
account: ${quoted(account)}
# Where the account's global events are: cn-hangzhou, or ap-southeast-1 for accounts of the international site.
region: ${plain(region)}
# Of what people are told.
language: ${plain(language)}
timeZone: ${plain(timeZone)}

# The roles that RAM Warden looks and acts with, and that people approve in: functions/roles says how to make them.
roles:
  looking: ram-warden-looking
  acting: ram-warden-acting
  approving: ram-warden-approving

# Whom a role may trust without a finding. The own account is not implied: to be added to a role is escalation also from
# inside.
trusted:
  accounts: ${list(trustedAccounts, quoted)}
  services: [] # ecs.aliyuncs.com, fc.aliyuncs.com
  entities: [] # whole ARNs of users, roles and identity providers

# Identities by which deployment pipelines change the account: what they do wrong is put to a person, not fought.
pipelines: ${list(pipelines, plain)}

# Identities whose job it is to create AccessKeys.
provisioners: ${list(provisioners, plain)}

# Identities that are told about and never written to.
protected: ${list(protectedOnes, plain)}

# Policies whose attachment is a finding, besides AdministratorAccess, AliyunRAMFullAccess, and custom ones that amount to them.
highRiskPolicies: []

# What single rules may do at most. One that is to \`observe\`, or is on trial, says what it would do, and never writes.
# \`warden rules\` lists them.
rules: {}
#  RAM.LogonTakenOver: { response: alert }
#  RAM.TrustEntityAdded: { response: observe }
#  RAM.TrustEntityRemoved: { approvalHours: 24 }
#  RAM.PasswordPolicyWeakened: { maturity: trial }

# Findings that somebody answers for stand in exemptions.yaml beside this file: docs/exemptions.schema.json.

# A secret is never written here: the settings name the environment variable that holds it.
${channels[answers.channel] ?? `channels: ${quoted(answers.channel)}`}

# Where decisions are kept. A deployed function is told its table by its environment, whatever stands here.
${states[answers.state] ?? `state: ${quoted(answers.state)}`}
`;
};
