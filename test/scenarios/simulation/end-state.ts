import type { SandboxInProcess, Snapshot } from "../../../sandbox/index.ts";
import type { JsonObject } from "../../../shared/domain/json.ts";
import { isJsonObject } from "../../../shared/domain/json.ts";
import { namesIn, subjectKey } from "../../../shared/domain/kinds.ts";
import { takeIn } from "../../../shared/intake/take-in.ts";
import type { Incident } from "../../../shared/ledger/incident.ts";
import { verifyLedger } from "../../../shared/ledger/verify.ts";
import { accountBefore, accountId, stranger } from "../../support/guarded-account.ts";
import type { MemoryStateStore } from "../../support/memory-state-store.ts";
import { breaksARule, pipeline } from "./story.ts";
import type { Invariant, Violation, WriteSeen } from "./watch.ts";

/** A message as a channel got it. */
export type Arrival = {
  readonly channel: string;
  /** The id of an incident's own message is the incident's. */
  readonly messageIds: readonly string[];
  readonly isMarked: boolean;
  readonly at: number;
};

export type Ended = {
  readonly sandbox: SandboxInProcess;
  readonly store: MemoryStateStore;
  /** Successful writes of the actors, oldest first. */
  readonly changes: readonly JsonObject[];
  readonly writes: readonly WriteSeen[];
  readonly arrivals: readonly Arrival[];
  readonly channels: readonly string[];
  /** Keys and grants that were there from the beginning. */
  readonly initial: ReadonlySet<string>;
  /** The account as it was at first. */
  readonly first: Snapshot;
  /** Whether any change that the pipelines did not make breaks a rule. */
  readonly outsidePipeline: boolean;
  readonly now: number;
};

export type Say = (invariant: Invariant, what: string) => void;

/** One thing that must be so once all has come to rest. What the ledger itself promises is checked by another of these. */
type EndCheck = (ended: Ended, incidents: readonly Incident[], say: Say) => void | Promise<void>;

/** What must be so once all has come to rest. */
export const endViolations = async (ended: Ended): Promise<readonly Violation[]> => {
  const found: Violation[] = [];
  const say: Say = (invariant, what) => void found.push({ invariant, at: ended.now, what });
  const incidents = ended.store.all(`incident/${accountId}/`).map(({ value }) => value as unknown as Incident);
  for (const check of endChecks) await check(ended, incidents, say);
  return found;
};

type EventRow = { readonly eventId: string; readonly outcome: string; readonly incidentId?: string };

const eventsAccountedFor: EndCheck = ({ store, changes }, incidents, say) => {
  const rows = store.all(`event/${accountId}/`).map(({ value }) => value as unknown as EventRow);
  const byEvent = new Map(rows.map((row) => [row.eventId, row]));
  const known = new Map(incidents.map((incident) => [incident.id, incident]));
  for (const event of changes) {
    if (takeIn(event).events.length === 0) continue;
    const name = `${String(event.eventName)} ${String(event.eventId)} at ${String(event.eventTime)}`;
    const row = byEvent.get(String(event.eventId));
    if (row === undefined) {
      say("no event unaccounted for", `${name} has no record`);
      continue;
    }
    if (!breaksARule(event)) continue;
    const incident = row.incidentId === undefined ? undefined : known.get(row.incidentId);
    if (incident === undefined || incident.abandoned !== undefined)
      say("what breaks a rule is ended or told with a reason", `${name} is \`${row.outcome}\`, without an incident`);
  }
};

/** How an incident leaves what breaks a rule in place, with a reason that a person reads. */
const namesAReason = ({ outcome, because, findings }: Incident): boolean =>
  outcome !== undefined &&
  // That it is tried on is no reason to leave it in the end.
  findings.every(({ rule }) => rule !== "RAM.ChangePutOff") &&
  (outcome.kind === "failed" ||
    outcome.kind === "overtaken" ||
    outcome.kind === "asked" ||
    (outcome.kind === "alerted" && because !== undefined));

const isPutBack = ({ outcome }: Incident): boolean => outcome?.kind === "reverted" || outcome?.kind === "contained";

/** Whether somebody called for something about an incident's subject after its last write: events tell whole seconds. */
const isChangedSince = ({ subject, callsMade, openedAt }: Incident, changes: readonly JsonObject[]): boolean => {
  const names = namesIn(subject).map((name) => name.toLowerCase());
  const wroteAt = callsMade.at(-1)?.at ?? openedAt;
  return changes.some(({ eventTime, requestParameters }) => {
    const given = isJsonObject(requestParameters) ? Object.values(requestParameters) : [];
    const isAbout = given.some((value) => names.includes(String(value).split("@")[0]?.toLowerCase() ?? ""));
    return isAbout && Date.parse(String(eventTime)) + 1000 > wroteAt;
  });
};

const brokenRulesEnded: EndCheck = ({ sandbox, initial, changes }, incidents, say) => {
  const account = sandbox.dump({ trail: false });
  const invariant: Invariant = "what breaks a rule is ended or told with a reason";
  const told = incidents
    .filter(({ abandoned }) => abandoned === undefined)
    .map((incident) => [subjectKey(incident.subject), incident] as const);
  const check = (keys: readonly string[], what: string): void => {
    const all = told.filter(([about]) => keys.some((key) => about.startsWith(key))).map(([, incident]) => incident);
    if (!all.some(namesAReason))
      say(invariant, `${what} stands, and was \`${all.map(({ outcome }) => outcome?.kind).join()}\``);
    const last = all.reduce<Incident | undefined>(
      (a, b) => ((a?.settledAt ?? 0) > (b.settledAt ?? 0) ? a : b),
      undefined,
    );
    if (last !== undefined && isPutBack(last) && !isChangedSince(last, changes))
      say("what was told as put back stands so", `${what} stands, and ${last.id} says \`${last.outcome?.kind}\``);
  };
  for (const link of account.attachments ?? []) {
    const { principalType, principalName, policyType, policyName, resourceGroupId } = link;
    if (initial.has(JSON.stringify([principalType, principalName, policyName, resourceGroupId]))) continue;
    if (policyName !== "AdministratorAccess" && policyName !== "disguised") continue;
    const scope = resourceGroupId ?? "account";
    check(
      [`${accountId}/grant/${principalType}/${principalName}/${policyType}/${policyName}/${scope}`],
      `${policyName} on ${principalType} ${principalName} in ${scope}`,
    );
  }
  for (const { roleName, assumeRolePolicyDocument } of account.roles ?? [])
    if (String(assumeRolePolicyDocument).includes(stranger))
      check([`${accountId}/role-trust/${roleName.toLowerCase()}`], `the open trust of role ${roleName}`);
  for (const { userName, accessKeys } of account.users ?? [])
    for (const { accessKeyId, status } of accessKeys ?? [])
      if (status !== "Inactive" && !initial.has(String(accessKeyId)))
        check(
          // An event that does not name its key is about the one of its moment.
          [accessKeyId, `user/${userName}/made-at-`].map((id) => `${accountId}/access-key/${id}`),
          `key ${accessKeyId} in use`,
        );
};

/** Deaths, lost answers and second looks lead to some, those included that were given up; nothing leads to more and more. */
const mostIncidents = 8;

const fewIncidents: EndCheck = (_, incidents, say) => {
  const byEvent = new Map<string, number>();
  for (const { events, pieces } of incidents)
    if (pieces === undefined) for (const { eventId } of events) byEvent.set(eventId, (byEvent.get(eventId) ?? 0) + 1);
  for (const [eventId, count] of byEvent)
    if (count > mostIncidents) say("few incidents for each event", `${eventId} led to ${count} incidents`);
};

const told: EndCheck = ({ arrivals, channels }, incidents, say) => {
  for (const channel of channels) {
    const arrived = new Map<string, Arrival[]>();
    for (const one of arrivals.filter((arrival) => arrival.channel === channel))
      for (const id of one.messageIds) arrived.set(id, [...(arrived.get(id) ?? []), one]);
    // What is a piece of a chain is told with it.
    for (const { id, abandoned, chain = id } of incidents)
      if (abandoned === undefined && !arrived.has(id) && !arrived.has(chain))
        say("each incident is told", `${id} never came to ${channel}`);
    // A sender that was slow may come after the one that took its turn, and marked what it sent.
    for (const [id, all] of arrived)
      if (all.filter(({ isMarked }) => !isMarked).length > 1)
        say("told twice only where marked", `${id} came to ${channel} ${all.length} times`);
  }
};

const nothingOpen: EndCheck = ({ store, now }, incidents, say) => {
  for (const { id, status } of incidents) if (status !== "settled") say("nothing is left open", `${id} is ${status}`);
  for (const kind of ["lease", "deferred", "recheck", "outbox"])
    for (const { key, value } of store.all(`${kind}/${accountId}/`))
      say("nothing is left open", `${key} at ${now}: ${JSON.stringify(value).slice(0, 200)}`);
  for (const { key, value } of store.all(`chain/${accountId}/`))
    if (isJsonObject(value) && value.due === true) say("nothing is left open", `${key} at ${now} is due`);
};

const initialGrants = accountBefore().attachments ?? [];

/** Grants that break no rule and that nobody took away stand; so does every trust that no write of ours was about. */
const onlyJudgedTouched: EndCheck = ({ sandbox, changes, writes, outsidePipeline }, _, say) => {
  // There everything is judged.
  if (outsidePipeline) return;
  const account = sandbox.dump({ trail: false });
  const links = new Set(
    (account.attachments ?? []).map(({ policyName, principalName, resourceGroupId }) =>
      [policyName, principalName, resourceGroupId ?? accountId].join(),
    ),
  );
  const left = new Map<string, boolean>(
    initialGrants.map(({ policyName, principalName }) => [[policyName, principalName, accountId].join(), true]),
  );
  for (const event of changes) {
    const asked = event.requestParameters as { readonly [name: string]: string };
    if (!/^(Attach|Detach)Policy/.test(String(event.eventName))) continue;
    const principal = asked.UserName ?? asked.GroupName ?? asked.RoleName ?? asked.PrincipalName ?? "";
    const key = [asked.PolicyName, principal.split("@")[0], asked.ResourceGroupId ?? accountId].join();
    left.set(key, String(event.eventName).startsWith("Attach"));
  }
  for (const [key, stands] of left)
    if (stands && /^(ReadOnlyAccess|harmless),/.test(key) && !links.has(key))
      say("nothing that was not judged is touched", `${key} was attached and is gone`);
  const trusts = new Map<string, string>();
  for (const event of changes) {
    const asked = event.requestParameters as { readonly [name: string]: string };
    if (event.eventName === "UpdateRole")
      trusts.set(String(asked.RoleName).toLowerCase(), String(asked.NewAssumeRolePolicyDocument));
  }
  if (writes.some(({ operation }) => operation.endsWith(".UpdateRole"))) return;
  for (const { roleName, assumeRolePolicyDocument } of account.roles ?? []) {
    const wanted = trusts.get(roleName.toLowerCase());
    if (wanted !== undefined && JSON.stringify(wanted) !== JSON.stringify(assumeRolePolicyDocument))
      if (!changes.some(({ eventName }) => eventName === "CreateRole" || eventName === "DeleteRole"))
        say("nothing that was not judged is touched", `the trust of ${roleName} is not as it was left`);
  }
};

/**
 * A write whose answer was lost is made again where the subject stands as it was judged all the while after: so it does as
 * well where somebody has made the very same change of it once more.
 */
const oneRemediation: EndCheck = ({ writes, changes }, incidents, say) => {
  const byIncident = new Map<string, WriteSeen[]>();
  for (const write of writes) byIncident.set(write.incidentId, [...(byIncident.get(write.incidentId) ?? []), write]);
  for (const { id, subject, remediation } of incidents) {
    const made = byIncident.get(id) ?? [];
    if (made.length <= (remediation?.calls.length ?? 0)) continue;
    const [first, last] = [made[0]?.at ?? 0, made.at(-1)?.at ?? 0];
    const names = namesIn(subject).map((name) => name.toLowerCase());
    const again = changes.filter(({ eventTime, requestParameters }) => {
      const at = Date.parse(String(eventTime));
      const given = isJsonObject(requestParameters) ? Object.values(requestParameters) : [];
      const isAbout = given.some((value) => names.includes(String(value).split("@")[0]?.toLowerCase() ?? ""));
      return isAbout && at > first - 1000 && at <= last;
    });
    if (made.length > (remediation?.calls.length ?? 0) + again.length)
      say("one remediation for each incident", `${made.length} writes of ${id}`);
  }
};

const acceptedComplies: EndCheck = ({ store }, _, say) => {
  for (const { key, value } of store.all(`baseline/${accountId}/`))
    if (JSON.stringify(value).includes(stranger))
      say("only what breaks no rule is accepted", `${key} lets a stranger in`);
};

/** What of an account only a rule about any change looks at, each as a text by the start of its subject's key. */
const otherKinds = ({ groups, policies, users, securityPreference }: Snapshot): ReadonlyMap<string, string> => {
  const all = new Map<string, string>([[`${accountId}/security-preference`, JSON.stringify(securityPreference)]]);
  for (const { groupName, members } of groups ?? [])
    for (const { userName } of members ?? []) all.set(`${accountId}/membership/${userName}/${groupName}`, "in it");
  for (const { policyName, policyType, versions, defaultVersion } of policies ?? [])
    if (policyType === "Custom") {
      const now = versions.find(({ versionId }) => versionId === defaultVersion);
      all.set(`${accountId}/policy/${policyName}`, JSON.stringify(now?.policyDocument));
    }
  for (const { userName, loginProfile } of users ?? [])
    if (loginProfile !== undefined) {
      const { createDate: _made, updateDate: _changed, ...rest } = loginProfile;
      all.set(`${accountId}/login/${userName}`, JSON.stringify(rest));
    }
  return all;
};

/** Whether a change is of the subject that a key names: by the names in it, which no two subjects here share. */
const isAbout = ({ requestParameters, eventName }: JsonObject, key: string): boolean => {
  const [, kind = "", ...names] = key.split("/");
  if (kind === "security-preference") return eventName === "SetSecurityPreference";
  const asked = Object.values(requestParameters as JsonObject).map((value) => String(value).split("@")[0]);
  const operations = { membership: /Group$/, policy: /Policy(Version)?$/, login: /LoginProfile$/ }[kind];
  return operations?.test(String(eventName)) === true && names.every((name) => asked.includes(name));
};

/** Where any change outside the pipelines breaks a rule, all stands as at first, or somebody was told why it does not. */
const outsidePipelineEnded: EndCheck = ({ sandbox, first, changes, outsidePipeline }, incidents, say) => {
  if (!outsidePipeline) return;
  const [before, now] = [otherKinds(first), otherKinds(sandbox.dump({ trail: false }))];
  for (const key of new Set([...before.keys(), ...now.keys()])) {
    if (before.get(key) === now.get(key)) continue;
    const made = changes.filter((event) => isAbout(event, key));
    if (made.some((event) => (event.userIdentity as JsonObject).userName === pipeline)) continue;
    const mine = incidents.filter(
      ({ subject, abandoned }) => abandoned === undefined && subjectKey(subject).startsWith(key),
    );
    // Of two changes that end each other one may be told as over, and the other be taken back after it.
    const isOver = made.length > 1 && mine.some(({ outcome }) => outcome?.kind === "transient");
    if (!isOver && !mine.some(namesAReason))
      say(
        "what breaks a rule is ended or told with a reason",
        `${key} was ${before.get(key)} and is ${now.get(key)}, after \`${made.map(({ eventName }) => eventName).join()}\` and \`${mine.map(({ outcome }) => outcome?.kind).join()}\``,
      );
  }
};

/** Says what is wrong with the ledger's own record, as it stands at this moment. */
export const checkLedger = async (store: MemoryStateStore, say: Say): Promise<void> => {
  const { flaws } = await verifyLedger(store, accountId);
  for (const { kind, shard, seq, row, because } of flaws)
    say("ledger chain valid", `${kind} at ${row ?? `${shard}/${seq}`}: ${because}`);
};

const ledgerValid: EndCheck = ({ store }, _, say) => checkLedger(store, say);

const endChecks: readonly EndCheck[] = [
  eventsAccountedFor,
  brokenRulesEnded,
  oneRemediation,
  fewIncidents,
  told,
  nothingOpen,
  onlyJudgedTouched,
  acceptedComplies,
  ledgerValid,
  outsidePipelineEnded,
];
