import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dingtalkBody } from "../../shared/channels/dingtalk-text.ts";
import type { Change } from "../../shared/domain/change.ts";
import type { Language } from "../../shared/domain/finding.ts";
import type { Actor } from "../../shared/domain/identity.ts";
import type { Message, Span } from "../../shared/domain/message.ts";
import type { Outcome, OutcomeKind, ReasonKind } from "../../shared/domain/plan.ts";
import type { Guardrails, RuleSettings } from "../../shared/domain/settings.ts";
import type { RoleTrust } from "../../shared/domain/subject.ts";
import type { TrailEvent } from "../../shared/domain/trail-event.ts";
import { type Incident, openIncident } from "../../shared/ledger/incident.ts";
import { planChange } from "../../shared/planning/plan-change.ts";
import { digestMessage } from "../../shared/response/digest.ts";
import { incidentMessage } from "../../shared/response/messages/incident-message.ts";
import { laterMessage } from "../../shared/response/messages/later-message.ts";
import { outcomeWords, reasonWords } from "../../shared/response/messages/words.ts";
import { judgeChange } from "../../shared/rules/registry.ts";
import { unhandledIncident, unrecordedIncident } from "../../shared/telling-incidents.ts";

const accountId = "1234567890123456";
const settings: RuleSettings = {
  accountId,
  trusted: { accounts: [], services: [], entities: [] },
  provisioners: [],
  pipelines: [],
  highRiskPolicies: [],
  responses: {},
};
const guardrails: Guardrails = {
  mode: "enforce",
  protected: [],
  accountId,
  pipelines: [],
  budgets: { rule: 60, actor: 60, account: 120, subject: 3, failures: 10 },
  ownRoles: { looking: "looking", acting: "acting" },
};
const telling = (language: Language) => ({ language, timeZone: "Asia/Shanghai" });
const languages: readonly Language[] = ["en", "zh-CN"];

const trustOf = (principal: object): string =>
  JSON.stringify({ Version: "1", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: principal }] });

/** One change of each kind in which every name that somebody else chose holds `evil`. */
const changesWith = (evil: string): readonly { readonly change: Change; readonly policyDocument?: string }[] => {
  const actor: Actor = { kind: "user", accountId, name: `maker${evil}`, sourceIp: `10.0.0.1${evil}` };
  const session: Actor = { kind: "role", accountId, name: `r${evil}`, sessionName: `s${evil}` };
  const trust = (document: string): RoleTrust => ({
    kind: "role-trust",
    roleName: `role${evil}`,
    roleId: "1",
    document,
    description: `description${evil}`,
    maxSessionSeconds: 3600,
    serviceLinked: false,
    rest: {},
  });
  const roleRef = { kind: "role-trust", accountId, roleName: `role${evil}`, route: "Ram" } as const;
  const before = {
    known: true,
    state: trust(trustOf({ Service: ["ecs.aliyuncs.com"] })),
    provenance: "baseline",
  } as const;
  const opened = trust(
    trustOf({ RAM: [`acs:ram::6660666066606660:user/x${evil}`], Service: [`${evil}.aliyuncs.com`] }),
  );
  const owner = { kind: "user", name: `owner${evil}` } as const;
  const principal = { kind: "group", name: `group${evil}` } as const;
  const gone = { known: true, state: { kind: "gone" }, provenance: "proven-by-event" } as const;
  const policy = { type: "System", name: "AdministratorAccess" } as const;
  const custom = { type: "Custom", name: `policy${evil}` } as const;
  const scope = { resourceGroupId: `rg-${evil}` };
  return [
    { change: { kind: "role-trust", subject: roleRef, before, after: opened, actor } },
    {
      change: {
        kind: "role-trust",
        subject: roleRef,
        before: { known: false, because: `because of ${evil}` },
        after: opened,
        actor: session,
      },
    },
    {
      change: {
        kind: "access-key",
        subject: { kind: "access-key", accountId, owner, createdAt: 0 },
        before: gone,
        after: { kind: "access-key", owner, accessKeyId: `LTAI${evil}`, status: "Active" },
        actor,
      },
    },
    {
      change: {
        kind: "grant",
        subject: {
          kind: "grant",
          accountId,
          principal,
          policy,
          scope,
          route: "ResourceManager",
          principalName: `group${evil}@x`,
        },
        before: gone,
        after: { kind: "grant", principal, policy, scope },
        actor: session,
      },
    },
    {
      change: {
        kind: "grant",
        subject: { kind: "grant", accountId, principal, policy: custom, scope: "account", route: "Ram" },
        before: gone,
        after: { kind: "grant", principal, policy: custom, scope: "account" },
        actor: { kind: "other", type: `type${evil}`, name: `name${evil}` },
      },
    },
  ];
};

const names = ({ subject }: Change): string =>
  subject.kind === "role-trust" ? subject.roleName : subject.kind === "grant" ? subject.principal.name : "nobody";

const outcomes = Object.keys(outcomeWords.en) as OutcomeKind[];

const incidentsWith = (evil: string): readonly Incident[] => {
  const incidents = changesWith(evil).flatMap(({ change }, index): Incident[] => {
    const findings = judgeChange(change, { settings });
    expect(findings.length).toBeGreaterThan(0);
    const event: TrailEvent = {
      eventId: `event${evil}`,
      requestId: `request${evil}`,
      operation: `Ram.-${evil}`,
      occurredAt: 1_790_000_000_000,
      accountId,
      actor: change.actor ?? { kind: "service", name: evil },
      userAgent: evil,
      subject: change.subject,
      claimed: undefined,
      effect: "changed",
    };
    const plan = planChange(change, findings, guardrails);
    const open = openIncident(`incident-${index}`, event, plan, 1_790_000_001_000);
    return outcomes.map((kind) => ({
      ...open,
      status: "settled",
      settledAt: 1_790_000_002_000,
      because: { kind: "protected", detail: `user ${names(change)} is one that the settings protect` },
      outcome: (kind === "failed" ? { kind, because: `failed on ${evil}` } : { kind }) as Outcome,
      callsMade: (plan.remediation?.calls ?? []).map((call) => ({ call, requestId: `R-1${evil}`, at: 0 })),
    }));
  });
  const write = { eventId: evil, requestId: evil, operation: `Ram.-${evil}`, accountId, occurredAt: 0 } as const;
  const actor = { kind: "role", accountId, name: evil, sessionName: evil } as const;
  return [
    ...incidents,
    unrecordedIncident(
      "unrecorded",
      { ...write, actor },
      { rules: settings, guardrails, telling: telling("en"), approvals: { openForMs: 259_200_000 } },
      0,
    ),
    unhandledIncident(
      "unhandled",
      {
        ...write,
        actor,
        subject: { kind: "role-trust", accountId, roleName: evil, route: "Ram" },
        claimed: undefined,
        effect: "changed",
      },
      "TypeError",
      0,
    ),
  ];
};

/** The same incidents after more parties, and persons, had a hand in them. */
const withMoreParties = (incident: Incident, evil: string): readonly Incident[] => {
  const actor: Actor = { kind: "user", accountId, name: `late${evil}`, sourceIp: evil };
  const later = [
    { eventId: evil, operation: `Ram.-${evil}`, occurredAt: 0, actor, findings: incident.findings },
    { eventId: `${evil}2`, operation: "Ram.UpdateRole", occurredAt: 0, actor, findings: [] },
  ];
  const { actor: _, findings, ...rest } = incident;
  const [first] = findings;
  return [
    { ...incident, ofClaim: findings, later },
    { ...incident, ofClaim: [], undoneBy: "another" },
    { ...incident, decided: { decision: "approved", by: evil, at: 0, incidentId: "act" } },
    { ...incident, decided: { decision: "rejected", by: evil, at: 0 } },
    {
      ...rest,
      findings: [],
      by: evil,
      ...(first === undefined ? {} : { about: { title: first.title, severity: first.severity } }),
    },
  ];
};

/** Everything that is said of an incident: when it is told, when it is read, and of each later change. */
const saidOf = (incident: Incident, language: Language): readonly Message[] => [
  incidentMessage(incident, telling(language)),
  incidentMessage(incident, telling(language), undefined, { whole: true }),
  ...(incident.later ?? []).map((later) => laterMessage(incident, later, telling(language))),
];

const spans = ({ title, fields }: Message): readonly Span[] => [...title, ...fields.flatMap(({ value }) => value)];
const ours = (message: Message): string =>
  [
    ...spans(message).map((span) => (typeof span === "string" ? span : "")),
    ...message.fields.map(({ label }) => label),
  ].join("\n");

const hostile = fc
  .array(
    fc.constantFrom(
      "`",
      "``",
      "](https://evil.example)",
      "\n# ",
      "**",
      "@all",
      "<img src=x>",
      "「",
      "」",
      "|",
      "(",
      ")",
      "[",
      "{{",
      "$&",
      "www.evil.example",
      " ",
      "‮",
    ),
    { maxLength: 5 },
  )
  .map((parts) => `Zq${parts.join("")}Zq`);

describe.each(languages)("messages in %s", (language) => {
  it("never pass a value from outside for text of ours", () => {
    fc.assert(
      fc.property(hostile, (evil) => {
        const known = incidentsWith(evil);
        const [first, second] = known;
        const incidents = [first, second].flatMap((one) => (one === undefined ? [] : withMoreParties(one, evil)));
        const messages = [...known, ...incidents].flatMap((incident) => saidOf(incident, language));
        for (const message of [...messages, digestMessage(messages, language)]) {
          expect(ours(message)).not.toContain("Zq");
          // And nothing of it is left out.
          expect(JSON.stringify(spans(message))).toContain("Zq");
        }
      }),
      { numRuns: 60 },
    );
  });

  it("arrive at DingTalk without a link, a mention, a heading or a picture that somebody else wrote", () => {
    const evil = "Zq](https://evil.example) @all\n# Zq ![x](http://evil.example/x.png)";
    const known = incidentsWith(evil);
    const messages = [...known, ...known.flatMap((one) => withMoreParties(one, evil))].flatMap((one) =>
      saidOf(one, language),
    );
    for (const message of messages) {
      const { markdown } = JSON.parse(dingtalkBody(message, { language }).toString("utf8")) as {
        markdown: { title: string; text: string };
      };
      expect(markdown.text).not.toMatch(/\]\(/);
      expect(markdown.text).not.toMatch(/^# /m);
      expect(markdown.text).not.toMatch(/@all/);
      expect(markdown.text.length).toBeLessThan(20_000);
    }
  });

  it("say for each outcome and each reason something of their own", () => {
    expect(new Set(Object.values(outcomeWords[language])).size).toBe(outcomes.length);
    const reasons = Object.keys(reasonWords[language]) as ReasonKind[];
    expect(new Set(Object.values(reasonWords[language])).size).toBe(reasons.length);
    for (const incident of incidentsWith("x")) {
      const message = incidentMessage(incident, telling(language));
      const { kind } = incident.outcome ?? { kind: "clear" };
      expect(message.title.join("")).toContain(outcomeWords[language][kind]);
      expect(message.id).toBe(incident.id);
    }
  });

  it("offer the way back only for what was written", () => {
    for (const incident of incidentsWith("x")) {
      const text = JSON.stringify(incidentMessage(incident, telling(language)).fields);
      const kind = incident.outcome?.kind;
      const hasWayBack = (incident.remediation?.undo.length ?? 0) > 0;
      expect(text.includes("npm run -s warden -- undo")).toBe(
        hasWayBack && (kind === "reverted" || kind === "contained"),
      );
    }
  });
});

it("both languages say the same values", () => {
  for (const incident of incidentsWith("Zq")) {
    if (incident.findings.some(({ verdict }) => verdict.kind === "undetermined")) continue;
    const values = (language: Language) =>
      spans(incidentMessage(incident, telling(language)))
        .flatMap((span) => (typeof span === "string" ? [] : [span.untrusted]))
        .filter((value) => !value.includes(" "))
        .sort();
    expect(new Set(values("zh-CN"))).toEqual(new Set(values("en")));
  }
});

it("an incident whose answer was lost says that the call was made", () => {
  const [incident] = incidentsWith("x");
  if (incident?.remediation === undefined) throw new Error("no remediation");
  const [call] = incident.remediation.calls;
  const message = (effect: "none" | "unknown") =>
    JSON.stringify(
      incidentMessage({ ...incident, callsMade: [{ call, requestId: undefined, at: 0, effect }] }, telling("en"))
        .fields,
    );
  expect(message("unknown")).toContain('"Call"');
  expect(message("unknown")).not.toContain("undefined");
  expect(message("none")).toContain('"Proposed call"');
});

describe("an external id", () => {
  const openedFrom = (document: string): Change =>
    ({
      kind: "role-trust",
      subject: { kind: "role-trust", accountId, roleName: "job", route: "Ram" },
      before: { known: true, state: trustState(document), provenance: "baseline" },
      after: trustState(trustOf({ RAM: ["acs:ram::6660666066606660:root", "acs:ram::2345678901234567:root"] })),
      actor: { kind: "user", accountId, name: "mallory" },
    }) as Change;
  const trustState = (document: string): RoleTrust => ({
    kind: "role-trust",
    roleName: "job",
    roleId: "1",
    document,
    description: "",
    maxSessionSeconds: 3600,
    serviceLinked: false,
    rest: {},
  });
  const incidentOf = (change: Change): Incident => {
    const findings = judgeChange(change, { settings });
    const event: TrailEvent = {
      eventId: "e",
      requestId: "r",
      operation: "Ram.UpdateRole",
      occurredAt: 0,
      accountId,
      subject: change.subject,
      actor: { kind: "user", accountId, name: "mallory" },
      claimed: undefined,
      effect: "changed",
    };
    return openIncident("id", event, planChange(change, findings, guardrails), 0);
  };

  it.each([
    ["a long one", "CANARY-of-the-partner"],
    ["a short one", "q3"],
    ["one that ends like an expression", "CANARY(.*"],
    ["one with a quotation mark", 'CANARY"x'],
  ])("(%s) of what a role asked for is in no message, and whole in the ledger", (_, id) => {
    const condition = { StringEquals: { "sts:ExternalId": [id, "another-one"] } };
    const document = JSON.stringify({
      Version: "1",
      Statement: [
        {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { RAM: ["acs:ram::2345678901234567:root"] },
          Condition: condition,
        },
      ],
    });
    const incident = incidentOf(openedFrom(document));
    expect(incident.findings.map(({ rule }) => rule)).toContain("RAM.TrustConditionWeakened");
    expect(incident.remediation?.calls).toHaveLength(1);
    for (const language of languages) {
      const said = JSON.stringify(incidentMessage(incident, telling(language)));
      for (const value of [id, "another-one"]) {
        expect(said).not.toMatch(new RegExp(`[ "=\\[\`]${value.replace(/[(.*"]/g, ".{1,4}")}[ "\\\\,\`]`));
      }
      expect(said).toContain("(external id)");
    }
    expect(JSON.stringify(incident)).toContain(JSON.stringify(JSON.stringify(id)).slice(1, -1));
  });

  it("leaves every other message as it is", () => {
    const change = openedFrom(trustOf({ Service: ["ecs.aliyuncs.com"] }));
    expect(JSON.stringify(incidentMessage(incidentOf(change), telling("en")))).not.toContain("(external id)");
  });
});
