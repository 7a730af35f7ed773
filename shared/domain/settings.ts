import type { Language, Maturity, Response, RuleId } from "./finding.ts";
import type { AccountId, Principal } from "./identity.ts";

/** `observe` says what it would have done and writes nothing; the default of a new installation. */
export type Mode = "observe" | "enforce";

/** Whom a role may trust without a finding. Parsed parts, compared as parts: never a pattern built from strings. */
export type TrustList = {
  /** Account ids, whole. The own account is not on it: being added to a role is escalation also from inside. */
  readonly accounts: readonly AccountId[];
  /** Service principals, `ecs.aliyuncs.com`. */
  readonly services: readonly string[];
  /** Whole ARNs of users, roles and identity providers, `acs:ram::123456789012****:role/ci`. */
  readonly entities: readonly string[];
};

/** A tag to look for; any value of it where none is given. */
export type TagSought = { readonly key: string; readonly value?: string | undefined };

/** How an account wants its identities to be: what the thresholds of rules are. Names are patterns with `*` and `?`. */
export type Practices = {
  readonly naming: {
    /** What the name of a person's user looks like; empty means any. */
    readonly users: readonly string[];
    /** What the name of a program's user looks like; empty means any. */
    readonly services: readonly string[];
  };
  /** Which users belong to programs: by their names, or by a tag of theirs. */
  readonly classes: { readonly service: readonly string[]; readonly serviceTags?: readonly TagSought[] };
  /** Whether people log on by single sign-on alone, and a password beside it is a finding. */
  readonly sso: "optional" | "required";
  readonly logon: {
    readonly passkeys: "allowed" | "forbidden";
    readonly personalDingTalk: "allowed" | "forbidden";
  };
  readonly limits: {
    /** Hours that a session of the console may last. */
    readonly consoleHours: number;
    /** Days without use after which RAM itself disables a logon or a key. */
    readonly idleDays: number;
    /** Days that a service credential may be valid. */
    readonly serviceCredentialDays: number;
  };
  readonly passwords: {
    readonly length: number;
    /** How many former passwords may not be used again. */
    readonly reuse: number;
    /** Attempts within an hour before a logon is locked. */
    readonly attempts: number;
    /** Whose word on the age of passwords counts: the two contradict each other. Absent: no age is judged. */
    readonly age?: "cis-1.0" | "cis-2.0" | undefined;
  };
  /** Groups that nobody is taken out of but by a provisioner or a pipeline. */
  readonly requiredGroups: readonly string[];
  /** Names of users, groups and roles whose grants are to hold in a resource group alone. */
  readonly resourceGroupOnly: readonly string[];
  /** Codes of products, `oss`, that may be granted whole. */
  readonly allowedProducts: readonly string[];
  /** The longest session of a role, seconds, by who takes it on. */
  readonly longestSession: { readonly human: number; readonly automation: number };
};

export const usualPractices: Practices = {
  naming: { users: [], services: [] },
  classes: { service: ["svc-*"] },
  sso: "optional",
  logon: { passkeys: "allowed", personalDingTalk: "forbidden" },
  limits: { consoleHours: 6, idleDays: 90, serviceCredentialDays: 90 },
  passwords: { length: 14, reuse: 5, attempts: 5 },
  requiredGroups: [],
  resourceGroupOnly: [],
  allowedProducts: [],
  longestSession: { human: 3_600, automation: 14_400 },
};

/** What the rules may know besides the change: the account's own settings, as values. */
export type RuleSettings = {
  readonly accountId: AccountId;
  readonly trusted: TrustList;
  /** Users and roles whose job it is to create credentials. */
  readonly provisioners: readonly Principal[];
  /** Roles and users by which deployment pipelines change the account. */
  readonly pipelines: readonly Principal[];
  /** Names of policies whose attachment is a finding, beyond the built-in floor. */
  readonly highRiskPolicies: readonly string[];
  /** Users, groups and roles whose loss or imitation is a finding: those that are never written to. */
  readonly protected?: readonly Principal[];
  /** The names of the roles that RAM Warden itself works with; its policies bear their names. */
  readonly ownRoles?: readonly string[];
  /** The usual ones unless given. */
  readonly practices?: Practices;
  /** What the settings say for single rules; absent means the rule's own default. */
  readonly responses: { readonly [rule: RuleId]: Response };
  /** Rules that the settings put on trial, or take off it; absent means the rule's own maturity. */
  readonly maturities?: { readonly [rule: RuleId]: Maturity };
  /** Rules that say what they would do by their own response, and neither write nor ask. */
  readonly observed?: readonly RuleId[];
};

/** How many writes may be made within any hour; more are told and not made. */
export type Budgets = {
  readonly rule: number;
  readonly actor: number;
  readonly account: number;
  /** Of one subject: more, and two parties are changing it back and forth. */
  readonly subject: number;
  /** Writes that did not end well, after which no more are made. */
  readonly failures: number;
};

/** What planning must respect whatever the rules say. */
export type Guardrails = {
  readonly mode: Mode;
  /** Users, groups and roles that are never touched: break-glass identities and the like. */
  readonly protected: readonly Principal[];
  readonly accountId: AccountId;
  /** Roles and users by which deployment pipelines change the account. */
  readonly pipelines: readonly Principal[];
  readonly budgets: Budgets;
  /** The roles that RAM Warden itself looks and acts with. */
  readonly ownRoles: {
    readonly looking: string | undefined;
    readonly acting: string | undefined;
    /** The role that people act in when they approve a plan or take one back; absent where they use their own rights. */
    readonly approving?: string | undefined;
  };
};

/** For how many milliseconds a question may be answered: any, and those of single rules. */
export type Approvals = { readonly openForMs: number; readonly ofRules?: { readonly [rule: RuleId]: number } };

export type Telling = {
  readonly language: Language;
  readonly timeZone: string;
  /** By which it is said of a question until when it may be answered; not said unless given. */
  readonly approvals?: Approvals;
};
