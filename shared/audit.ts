import { standingFindings } from "./as-it-stands.ts";
import { checkedControls, checkStanding, checks } from "./checks/registry.ts";
import type { CloudError } from "./domain/cloud-error.ts";
import { cloudErrorText } from "./domain/cloud-error.ts";
import type { Finding, RuleId } from "./domain/finding.ts";
import { severityRank } from "./domain/finding.ts";
import type { AccountId, Principal } from "./domain/identity.ts";
import { samePrincipal } from "./domain/identity.ts";
import type { InventoriedKind } from "./domain/inventoried.ts";
import { inventoriedKinds, mostPages } from "./domain/inventoried.ts";
import { subjectKey } from "./domain/kinds.ts";
import type { Result } from "./domain/result.ts";
import { failed, ok } from "./domain/result.ts";
import type { Part, Standing, StandingKind, StandingOf } from "./domain/standing.ts";
import { standingKinds, unreadParts } from "./domain/standing.ts";
import type { PolicyName, Subject, SubjectRef } from "./domain/subject.ts";
import { tagsRefOf } from "./domain/subjects/user-tags.ts";
import type { Posture } from "./exempted.ts";
import { exemptionPosture, exemptStanding } from "./exempted.ts";
import { readWhole } from "./first-sight.ts";
import { ownRoleNames } from "./planning/guardrails.ts";
import type { Listed, PolicyDocuments } from "./ports/cloud.ts";
import type { World } from "./ports/world.ts";
import { needsPolicyDocument } from "./rules/kit/high-risk.ts";
import { asksForTags } from "./rules/kit/practices.ts";
import type { Facts, HeldDocument } from "./rules/kit/rule.ts";
import { letsForeignersIn, letsOwnAccountIn } from "./rules/kit/trust.ts";
import type { Settings } from "./settings.ts";
import { endless, isWaitedFor } from "./unread-subjects.ts";

/** What is wrong with one thing as it stands. */
export type AuditFinding = { readonly subject: SubjectRef; readonly finding: Finding };

export type Audit = {
  /** Things that were looked at. */
  readonly looked: number;
  /** The worst first; those that somebody answers for bear their exemption. */
  readonly findings: readonly AuditFinding[];
  /** Rules and checks that could not decide about some of the things, and about how many. */
  readonly undecided: readonly { readonly rule: RuleId; readonly things: number }[];
  /** What could not be read, a line for each call that failed: of that nothing is known, least of all that it is fine. */
  readonly unread: readonly string[];
  /** What is wrong with exemptions that cannot be read, each with its place: of those none counts here. */
  readonly unreadableExemptions: readonly string[];
};

/** The findings that nobody answers for. */
export const notExempt = (findings: readonly AuditFinding[], posture: Posture, now: number): readonly AuditFinding[] =>
  exemptStanding(posture, findings, now).filter(({ finding }) => finding.exemption === undefined);

/** What one page of things came to. */
export type PageAudit = {
  readonly looked: number;
  readonly findings: readonly AuditFinding[];
  readonly undecided: readonly RuleId[];
  readonly unread: readonly CloudError[];
};

const shownByCensus: readonly InventoriedKind[] = [
  "role-trust",
  "group",
  "user",
  "mfa",
  "access-key",
  "login",
  "password-policy",
  "security-preference",
];

/** The kinds of the inventory that the census does not show as well. */
export const plainKinds: readonly InventoriedKind[] = inventoriedKinds.filter((kind) => !shownByCensus.includes(kind));

type Judging = {
  readonly world: Pick<World, "accountId" | "policyDocument" | "clock" | "read">;
  readonly settings: Settings;
  readonly account: StandingOf<"account"> | undefined;
};

const none: PageAudit = { looked: 0, findings: [], undecided: [], unread: [] };

const merged = (pages: readonly PageAudit[]): PageAudit => ({
  looked: pages.reduce((sum, { looked }) => sum + looked, 0),
  findings: pages.flatMap(({ findings }) => findings),
  undecided: pages.flatMap(({ undecided }) => undecided),
  unread: pages.flatMap(({ unread }) => unread),
});

/** What the rules have against a state as it stands. */
const byRules = (
  subject: SubjectRef,
  state: Subject,
  { settings }: Judging,
  facts: Omit<Facts, "settings"> = {},
): PageAudit => {
  // What a check tells of whom a grant is to is not told by the rule of the same control as well.
  const found = standingFindings(subject, state, settings, facts).filter(
    ({ control }) => state.kind !== "grant" || !checkedControls.has(control),
  );
  return {
    ...none,
    findings: found.filter(({ verdict }) => verdict.kind === "violation").map((finding) => ({ subject, finding })),
    undecided: found.filter(({ verdict }) => verdict.kind === "undetermined").map(({ rule }) => rule),
  };
};

/** The things in a piece of the census that rules judge by themselves. */
const thingsIn = (
  standing: Standing,
  accountId: AccountId,
): readonly { readonly ref: SubjectRef; readonly state: Subject }[] => {
  switch (standing.kind) {
    case "account":
      return (["password-policy", "security-preference"] as const).flatMap((kind) => {
        const fields = kind === "password-policy" ? standing.passwordPolicy : standing.preference;
        return fields.read
          ? [{ ref: { kind, accountId, route: "Ims" }, state: { kind, fields: fields.value } } as const]
          : [];
      });
    case "user":
      return [
        { ref: standing.ref, state: standing.user },
        ...valuesOf(standing.keys),
        ...(standing.login.read && standing.login.value !== null ? [standing.login.value] : []),
      ];
    case "role":
      return standing.trust.read ? [{ ref: standing.ref, state: standing.trust.value }] : [];
    default:
      return [];
  }
};

const valuesOf = <Value>(part: Part<readonly Value[]>): readonly Value[] => (part.read ? part.value : []);

const holderOf = (standing: Standing): Principal | undefined => {
  switch (standing.kind) {
    case "user":
      return { kind: "user", name: standing.user.userName };
    case "group":
      return { kind: "group", name: standing.ref.groupName };
    case "role":
      return { kind: "role", name: standing.ref.roleName };
    default:
      return undefined;
  }
};

/** The grants that a piece shows, as the rules judge them. */
const grantsIn = (standing: Standing, accountId: AccountId): readonly (SubjectRef & { readonly kind: "grant" })[] => {
  if (standing.kind === "scoped-grant") return [standing.ref];
  const principal = holderOf(standing);
  if (principal === undefined || !("policies" in standing)) return [];
  return valuesOf<PolicyName>(standing.policies).map((policy) => ({
    kind: "grant",
    accountId,
    route: "Ram",
    principal,
    policy,
    scope: "account",
  }));
};

/** The text of a policy, where its name does not tell all; undefined where it cannot be read, with the reason. */
const textOf = async (
  policy: PolicyName,
  { world }: Judging,
): Promise<Result<{ readonly text: string | undefined; readonly unread: readonly CloudError[] }, CloudError>> => {
  if (!needsPolicyDocument(policy)) return ok({ text: undefined, unread: [] });
  const read = await world.policyDocument(policy);
  if (!read.ok) return isWaitedFor(read.error) ? failed(read.error) : ok({ text: undefined, unread: [read.error] });
  return ok({ text: typeof read.value === "string" ? read.value : undefined, unread: [] });
};

/** What the rules may know of a role beside one grant of it, or its trust policy: whom it trusts, and all that it holds. */
const roleFacts = async (
  standing: Standing,
  judging: Judging,
): Promise<Result<Pick<Facts, "roleTrust" | "held">, CloudError>> => {
  if (standing.kind !== "role" || !standing.trust.read) return ok({});
  const { document: roleTrust } = standing.trust.value;
  const { accountId } = judging.world;
  const counts = letsForeignersIn(roleTrust, accountId) || letsOwnAccountIn(roleTrust, accountId);
  if (!counts || !standing.policies.read) return ok({ roleTrust });
  const held: HeldDocument[] = [];
  for (const policy of standing.policies.value) {
    const text = await textOf(policy, judging);
    if (!text.ok) return text;
    held.push({ policy, scope: "account", text: text.value.text });
  }
  return ok({ roleTrust, held });
};

/** A grant as it stands: by its policy's name, and where that does not decide, by its text. */
const judgeGrant = async (
  ref: SubjectRef & { readonly kind: "grant" },
  judging: Judging,
  facts: Pick<Facts, "roleTrust" | "held">,
): Promise<Result<PageAudit, CloudError>> => {
  const { principal, policy, scope } = ref;
  const { settings } = judging;
  const own = ownRoleNames(settings.guardrails).map((name): Principal => ({ kind: "role", name }));
  // What we are given ourselves is what the deployment says, and `doctor` looks at it.
  if (own.some((role) => samePrincipal(role, principal))) return ok(none);
  const read = await textOf(policy, judging);
  if (!read.ok) return read;
  const { text, unread } = read.value;
  const state = { kind: "grant", principal, policy, scope } as const;
  return ok({ ...byRules(ref, state, judging, { ...facts, policyDocument: text }), unread });
};

/** A user with its tags, where the class of the user depends on them and a check in force asks for it. */
const withTags = async (standing: Standing, { world, settings }: Judging): Promise<Result<Standing, CloudError>> => {
  if (standing.kind !== "user" || !asksForTags(standing.user.userName, settings.rules)) return ok(standing);
  const { responses } = settings.rules;
  if (!checks.some(({ id, needsTags }) => needsTags === true && responses[id] !== "off")) return ok(standing);
  const { accountId } = world;
  const read = await world.read(tagsRefOf({ ...standing.user, accountId }));
  if (!read.ok) return isWaitedFor(read.error) ? read : ok({ ...standing, tags: { read: false, error: read.error } });
  return ok(read.value.kind === "tags" ? { ...standing, tags: { read: true, value: read.value.tags } } : standing);
};

/** Judges one piece of the census by the rules and by the checks. */
export const auditStanding = async (seen: Standing, judging: Judging): Promise<Result<PageAudit, CloudError>> => {
  const { settings, world, account } = judging;
  const whole = await withTags(seen, judging);
  if (!whole.ok) return whole;
  const standing = whole.value;
  const { accountId } = world;
  const subject: SubjectRef =
    standing.kind === "account" ? { kind: "security-preference", accountId, route: "Ims" } : standing.ref;
  const checked = checkStanding(standing, subject, {
    settings: settings.rules,
    asOf: world.clock.now(),
    account: standing.kind === "account" ? standing : account,
  });
  const facts = await roleFacts(standing, judging);
  if (!facts.ok) return facts;
  const pages: PageAudit[] = [{ looked: 1, ...checked, unread: unreadParts(standing) }];
  for (const { ref, state } of thingsIn(standing, accountId)) pages.push(byRules(ref, state, judging, facts.value));
  for (const ref of grantsIn(standing, accountId)) {
    const judged = await judgeGrant(ref, judging, facts.value);
    if (!judged.ok) return judged;
    pages.push(judged.value);
  }
  return ok(merged(pages));
};

/** Judges one thing of the inventory by the rules. */
export const auditListed = async (
  world: World,
  { ref, state: listed }: Listed,
  judging: Judging,
): Promise<Result<PageAudit, CloudError>> => {
  const read = listed === undefined ? await readWhole(world, ref) : ok(listed);
  if (!read.ok) return isWaitedFor(read.error) ? read : ok({ ...none, looked: 1, unread: [read.error] });
  if (read.value.kind === "gone") return ok(none);
  return ok({ ...byRules(ref, read.value, judging), looked: 1 });
};

type Page<Thing> = { readonly things: readonly Thing[]; readonly next?: string };

/** Goes through all pages of one list, and gathers what each thing comes to. */
const through = async <Thing>(
  kind: InventoriedKind | StandingKind,
  pageAt: (cursor: string | undefined) => Promise<Result<Page<Thing>, CloudError>>,
  auditOf: (thing: Thing) => Promise<Result<PageAudit, CloudError>>,
): Promise<Result<PageAudit, CloudError>> => {
  const pages: PageAudit[] = [];
  let cursor: string | undefined;
  for (let count = 0; count < mostPages; count += 1) {
    const page = await pageAt(cursor);
    if (!page.ok) {
      if (isWaitedFor(page.error)) return page;
      return ok(merged([...pages, { ...none, unread: [page.error] }]));
    }
    for (const thing of page.value.things) {
      const audited = await auditOf(thing);
      if (!audited.ok) return audited;
      pages.push(audited.value);
    }
    cursor = page.value.next;
    if (cursor === undefined) return ok(merged(pages));
  }
  return ok(merged([...pages, { ...none, unread: [endless(kind)] }]));
};

/** Many hold the same few policies: each text is read once. */
export const readOnce = (read: PolicyDocuments): PolicyDocuments => {
  const known = new Map<string, Awaited<ReturnType<PolicyDocuments>>>();
  return async (policy) => {
    const key = `${policy.type}/${policy.name}`;
    const answer = known.get(key) ?? (await read(policy));
    if (answer.ok) known.set(key, answer);
    return answer;
  };
};

/**
 * Judges the whole account as it stands, by the rules that judge its changes and by the checks. Fails where trying again
 * can help, and where nothing at all may be read; a part that may not be read is told as such.
 */
export const auditAccount = async (given: World, settings: Settings): Promise<Result<Audit, CloudError>> => {
  const world = { ...given, policyDocument: readOnce(given.policyDocument) };
  const pages: PageAudit[] = [];
  let account: StandingOf<"account"> | undefined;
  for (const kind of standingKinds) {
    const audited = await through<Standing>(
      kind,
      async (cursor) => {
        const page = await world.census(kind, cursor);
        if (!page.ok) return page;
        const { seen, next } = page.value;
        return ok({ things: seen, ...(next === undefined ? {} : { next }) });
      },
      (standing) => {
        if (standing.kind === "account") account = standing;
        return auditStanding(standing, { world, settings, account });
      },
    );
    if (!audited.ok) return audited;
    pages.push(audited.value);
  }
  for (const kind of plainKinds) {
    const audited = await through<Listed>(
      kind,
      (cursor) => world.inventory(kind, cursor),
      (thing) => auditListed(world, thing, { world, settings, account }),
    );
    if (!audited.ok) return audited;
    pages.push(audited.value);
  }
  const whole = merged(pages);
  const [refused] = whole.unread;
  // The account itself counts as looked at, whatever of it could be read.
  if (refused !== undefined && whole.looked <= 1) return failed(refused);
  const posture = await exemptionPosture(world, settings);
  const findings = exemptStanding(posture, whole.findings, world.clock.now());
  return ok({ ...auditOf({ ...whole, findings }), unreadableExemptions: posture.problems });
};

const auditOf = ({ looked, findings, undecided, unread }: PageAudit): Omit<Audit, "unreadableExemptions"> => ({
  looked,
  findings: [...findings].sort(
    (a, b) =>
      severityRank(b.finding.severity) - severityRank(a.finding.severity) ||
      (a.finding.rule === b.finding.rule
        ? subjectKey(a.subject) < subjectKey(b.subject)
          ? -1
          : 1
        : a.finding.rule < b.finding.rule
          ? -1
          : 1),
  ),
  undecided: [...new Set(undecided)].map((rule) => ({
    rule,
    things: undecided.filter((one) => one === rule).length,
  })),
  unread: unreadLines(unread),
});

/** One line for each call that failed, however many things it failed for. */
export const unreadLines = (errors: readonly CloudError[]): readonly string[] => {
  const lines = new Map<string, { readonly first: CloudError; readonly count: number }>();
  for (const error of errors) {
    const key = `${error.operation}/${error.kind}/${error.code ?? ""}`;
    const known = lines.get(key);
    lines.set(key, { first: known?.first ?? error, count: (known?.count ?? 0) + 1 });
  }
  return [...lines.values()].map(
    ({ first, count }) => `${cloudErrorText(first)}${count === 1 ? "" : `; and ${count - 1} more like it`}`,
  );
};
