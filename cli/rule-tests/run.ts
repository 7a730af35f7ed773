import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Snapshot } from "../../sandbox/index.ts";
import { changeDigest } from "../../shared/change-digest.ts";
import type { Config } from "../../shared/config.ts";
import { reportedFinding } from "../../shared/domain/decision.ts";
import type { Finding, Language } from "../../shared/domain/finding.ts";
import { jsonForm } from "../../shared/domain/json.ts";
import type { Call, OutcomeKind, Plan } from "../../shared/domain/plan.ts";
import type { Occasion } from "../../shared/domain/trail-event.ts";
import { takeIn } from "../../shared/intake/take-in.ts";
import { wouldBe } from "../../shared/judge.ts";
import type { Incident } from "../../shared/ledger/incident.ts";
import { openIncident } from "../../shared/ledger/incident.ts";
import { exemptFindings, scopeOf } from "../../shared/planning/exemptions.ts";
import { isWriting, onlyTelling, planChange } from "../../shared/planning/plan-change.ts";
import { incidentMessage } from "../../shared/response/messages/incident-message.ts";
import { judgeChange } from "../../shared/rules/registry.ts";
import { judgeOffline } from "../judge-offline.ts";
import { BadInput } from "../output.ts";
import { readInput } from "../read-input.ts";
import { readSnapshotText } from "../snapshot-account.ts";
import { changeOfWritten } from "./change.ts";
import type { ChangeTest, EventTest, RuleTest } from "./format.ts";

/** What a test came to: what was found otherwise than expected, each as a sentence. */
export type Ran = { readonly name: string; readonly line: number; readonly differences: readonly string[] };

/** What is looked at: the last event of a test, or its change. */
type Seen = { readonly outcome: OutcomeKind; readonly plan?: Plan; readonly event: Occasion };

/** What a test names lies beside its file. */
type Place = { readonly file: string; readonly config: Config; readonly now: number };

const fault = ({ file }: Place, line: number, what: string): BadInput => new BadInput(`${file}:${line}: ${what}`);

/** Runs one test. Rejects with `BadInput`, which names the place, where the test itself is of no use. */
export const runRuleTest = async (test: RuleTest, place: Place): Promise<Ran> => {
  const seen = "change" in test ? seenOfChange(test, place) : await seenOfEvent(test, place);
  return { name: test.name, line: test.line, differences: differencesOf(test.expect, seen, place.config) };
};

const seenOfEvent = async (test: EventTest & { readonly line: number }, place: Place): Promise<Seen> => {
  const intake = takeIn(
    typeof test.event === "string" ? beside(test.event, test.line, place) : JSON.stringify(test.event),
  );
  const [refusal] = intake.refusals;
  if (refusal !== undefined) throw fault(place, test.line, `the event is refused: ${refusal.reason}`);
  const [passed] = intake.passedOver;
  if (passed !== undefined) throw fault(place, test.line, `the event is passed over: ${passed.reason}`);
  const last = intake.events.at(-1);
  if (last === undefined) throw fault(place, test.line, "there is no event in it");
  const accounts = {
    ...(test.state === undefined ? {} : { now: snapshotOf(test.state, test.line, place) }),
    ...(test.before === undefined ? {} : { before: snapshotOf(test.before, test.line, place) }),
  };
  const plans = new Map<string, Plan>();
  const judged = await judgeOffline(place.config, intake, accounts, {
    onPlan: (event, plan) => void plans.set(`${event.eventId}/${event.operation}`, plan),
  });
  const [unjudged] = judged.refusals;
  if (unjudged !== undefined) throw fault(place, test.line, unjudged.reason);
  const decision = judged.decisions.findLast(
    ({ eventId, operation }) => eventId === last.eventId && operation === last.operation,
  );
  if (decision === undefined)
    throw fault(
      place,
      test.line,
      `the event is not judged: ${judged.passedOver.map(({ reason }) => reason).join("; ")}`,
    );
  const plan = plans.get(`${last.eventId}/${last.operation}`);
  return { outcome: decision.outcome, event: last, ...(plan === undefined ? {} : { plan }) };
};

const beside = (name: string, line: number, place: Place): Buffer => {
  const path = join(dirname(place.file), name);
  if (!existsSync(path)) throw fault(place, line, `there is no file \`${name}\` beside it`);
  return readInput(path);
};

const snapshotOf = (given: string | object, line: number, place: Place): Snapshot => {
  const text =
    typeof given === "string" ? beside(given, line, place).toString("utf8") : JSON.stringify(withRest(given, place));
  const read = readSnapshotText(text);
  if (!read.ok) throw fault(place, line, `not an account snapshot: ${read.error.slice(0, 5).join("; ")}`);
  if (read.value.accountId !== place.config.rules.accountId)
    throw fault(place, line, "the snapshot is of another account than the settings guard");
  return read.value;
};

/** Of a snapshot that is written out in a test the version and the account go without saying. */
const withRest = (given: object, { config }: Place): object => ({
  version: 1,
  accountId: config.rules.accountId,
  ...given,
});

const seenOfChange = (test: ChangeTest, { config, now }: Place): Seen => {
  const { rules, guardrails, exemptions } = config;
  const { change, facts } = changeOfWritten(test.change, rules.accountId);
  const event: Occasion = {
    eventId: "written-in-a-test",
    requestId: "",
    operation: "Ram.UpdateRole",
    occurredAt: now,
    accountId: rules.accountId,
    actor: change.actor,
    subject: change.subject,
    claimed: undefined,
    effect: "changed",
  };
  const found = judgeChange(change, { settings: rules, ...facts });
  if (found.length === 0) return { outcome: "clear", event };
  const findings =
    exemptions?.kind === "read"
      ? exemptFindings(
          found,
          scopeOf(change, () => changeDigest(change)),
          exemptions.exemptions,
          now,
        )
      : found;
  const planned = planChange(change, findings, guardrails);
  const plan =
    exemptions?.kind === "unreadable" && isWriting(planned)
      ? onlyTelling(planned, { kind: "exemptions-unreadable", detail: exemptions.problems[0] ?? "" })
      : planned;
  return { outcome: wouldBe(plan, guardrails.mode), plan, event };
};

type Expected = RuleTest["expect"];

const differencesOf = (expected: Expected, seen: Seen, config: Config): readonly string[] => {
  const { outcome, plan } = seen;
  const differences: string[] = [];
  const same = (what: string, wanted: string | undefined, found: string): void => {
    if (wanted !== undefined && wanted !== found)
      differences.push(`${what}: expected \`${wanted}\`, found \`${found}\``);
  };
  same("outcome", expected.outcome, outcome);
  same("response", expected.response, plan?.response ?? "off");
  same("because", expected.because, plan?.because?.kind ?? "nothing");
  if (expected.findings !== undefined) differences.push(...findingDifferences(expected.findings, plan?.findings ?? []));
  if (expected.calls !== undefined)
    differences.push(...callDifferences(expected.calls, plan?.remediation?.calls ?? []));
  if (expected.message !== undefined) differences.push(...messageDifferences(expected.message, seen, config));
  return differences;
};

type ExpectedFinding = NonNullable<Expected["findings"]>[number];

const findingDifferences = (wanted: readonly ExpectedFinding[], found: readonly Finding[]): readonly string[] => {
  const names = (list: readonly { readonly rule: string }[]): string =>
    list.length === 0 ? "none" : list.map(({ rule }) => `\`${rule}\``).join(", ");
  const isSame =
    wanted.length === found.length && wanted.every(({ rule }) => found.some((finding) => finding.rule === rule));
  return [
    ...(isSame ? [] : [`findings: expected ${names(wanted)}, found ${names(found)}`]),
    ...wanted.flatMap((one) => {
      const finding = found.find(({ rule }) => rule === one.rule);
      return finding === undefined ? [] : oneFindingDifferences(one, finding);
    }),
  ];
};

const oneFindingDifferences = (wanted: ExpectedFinding, found: Finding): readonly string[] => {
  const { evidence, verdict } = reportedFinding(found);
  const sentences = evidence.flatMap(({ sentence }) => [sentence.en, sentence["zh-CN"]]);
  const { rule } = found;
  const texts = "evidence" in wanted ? (wanted.evidence ?? []) : [];
  const facts = "facts" in wanted ? Object.entries(wanted.facts ?? {}) : [];
  const exempt = "exempt" in wanted ? wanted.exempt : undefined;
  return [
    ...(wanted.verdict === verdict ? [] : [`${rule}: expected \`${wanted.verdict}\`, found \`${verdict}\``]),
    ...texts
      .filter((text) => !sentences.some((sentence) => sentence.includes(text)))
      .map(
        (text) =>
          `${rule}: no evidence says \`${text}\`, but ${evidence.map(({ sentence }) => `\`${sentence.en}\``).join(", ")}`,
      ),
    ...facts
      .filter(([name, value]) => !evidence.some((one) => one.facts[name] === value))
      .map(([name, value]) => `${rule}: no fact \`${name}\` is \`${value}\``),
    ...(exempt === undefined || found.exemption?.id === exempt
      ? []
      : [
          `${rule}: expected to be exempt by \`${exempt}\`, found ${found.exemption === undefined ? "that it is not exempt" : `\`${found.exemption.id}\``}`,
        ]),
  ];
};

type ExpectedCall = NonNullable<Expected["calls"]>[number];

const nameOf = ({ service, operation }: Call): string => `${service}.${operation}`;

/** Documents are compared by what they say. */
const valueForm = (value: string | number | boolean): string => {
  const text = String(value);
  return /^\s*[{[]/.test(text) ? jsonForm(text) : text;
};

const callDifferences = (wanted: readonly ExpectedCall[], found: readonly Call[]): readonly string[] => {
  const listed = (names: readonly string[]): string =>
    names.length === 0 ? "none" : names.map((one) => `\`${one}\``).join(", ");
  const [expected, made] = [wanted.map(({ call }) => call), found.map(nameOf)];
  if (expected.join() !== made.join()) return [`calls: expected ${listed(expected)}, found ${listed(made)}`];
  return wanted.flatMap(({ call, parameters = {} }, index) =>
    Object.entries(parameters).flatMap(([name, value]) => {
      const there = found[index]?.parameters[name];
      return there !== undefined && valueForm(there) === valueForm(value)
        ? []
        : [`${call}: expected \`${name}\` to be \`${value}\`, found ${there === undefined ? "none" : `\`${there}\``}`];
    }),
  );
};

const messageDifferences = (
  wanted: NonNullable<Expected["message"]>,
  { plan, event, outcome }: Seen,
  { telling }: Config,
): readonly string[] => {
  if (plan === undefined) return ["message: nothing is told"];
  const incident = {
    ...openIncident("00000000-0000-0000-0000-000000000000", event, plan, event.occurredAt),
    outcome: outcome === "failed" ? { kind: "failed", because: "" } : { kind: outcome },
  } as Incident;
  return (["en", "zh-CN"] as const).flatMap((language: Language) => {
    const message = incidentMessage(incident, { ...telling, language });
    const spans = [
      ...message.title,
      "\n",
      ...message.fields.flatMap(({ label, value }) => [`${label}: `, ...value, "\n"]),
    ];
    const text = spans.map((span) => (typeof span === "string" ? span : span.untrusted)).join("");
    return (wanted[language] ?? [])
      .filter((part) => !text.includes(part))
      .map((part) => `message in ${language}: does not say \`${part}\`, but:\n${text.trimEnd()}`);
  });
};
