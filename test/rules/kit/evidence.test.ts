import fc from "fast-check";
import { expect, test } from "vitest";
import type { Change } from "../../../shared/domain/change.ts";
import type { Language } from "../../../shared/domain/finding.ts";
import type { Actor } from "../../../shared/domain/identity.ts";
import { spansOf } from "../../../shared/response/messages/spans.ts";
import { judgeChange } from "../../../shared/rules/registry.ts";
import { allow, grantChange, keyChange, settings, trustChange, trusting } from "../changes.ts";

/** In each name, so that it is found wherever the name goes. */
const mark = "EVIL";

const hostile = fc
  .tuple(
    fc.constantFrom("", "`", "``", "a`b", "](http://evil.example)", "<@all>", "\n# ", "\u202e", "' or ", "$.", ": "),
    fc.constantFrom("", "`", " `x` ", "*", "@13800000000", "\u001b[2J", "; "),
  )
  .map(([front, back]) => `${front}${mark}${back}`);

const actor: fc.Arbitrary<Actor | undefined> = fc.oneof(
  fc.constant(undefined),
  hostile.map((name): Actor => ({ kind: "user", accountId: "1234567890123456", name })),
  fc
    .tuple(hostile, hostile)
    .map(([name, sessionName]): Actor => ({ kind: "role", accountId: "1234567890123456", name, sessionName })),
  fc.tuple(hostile, hostile).map(([type, name]): Actor => ({ kind: "other", type, name })),
);

const principal = fc.oneof(
  hostile.map((name) => ({ RAM: `acs:ram::9876543210987654:role/${name}` })),
  hostile.map((name) => ({ RAM: `acs:ram::1234567890123456:user/${name}` })),
  hostile.map((name) => ({ RAM: name })),
  hostile.map((name) => ({ Service: name })),
  hostile.map((name) => ({ Federated: `acs:ram::1234567890123456:oidc-provider/${name}` })),
  hostile.map((name) => ({ [name]: "x" })),
);
const condition = fc.oneof(
  fc.constant(undefined),
  fc.tuple(hostile, hostile).map(([key, value]) => ({ StringEquals: { [key]: value } })),
  hostile.map((operator) => ({ [operator]: { "sts:ExternalId": "a" } })),
  hostile.map((operator) => ({ [operator]: 1 })),
);
const statement = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(principal, condition).map(([who, when]) => allow(who, when)) },
  {
    weight: 2,
    arbitrary: hostile.map((action) => ({
      ...allow({ RAM: "acs:ram::1234567890123456:root" }),
      Action: ["sts:AssumeRole", `sts:${action}`],
    })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(principal, condition).map(([who, when]) => ({ ...allow(who, when), Effect: "Deny" })),
  },
  { weight: 1, arbitrary: hostile.map((name) => ({ [name]: 1 })) },
);
const document = fc.array(statement, { minLength: 1, maxLength: 3 }).map((statements) => trusting(...statements));

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(document, document, actor).map(([before, after, who]) => trustChange(before, after, who)),
  fc.tuple(hostile, actor).map(([owner, who]) => keyChange(owner, who)),
  actor.map((who) => keyChange({ kind: "root" }, who)),
  fc
    .tuple(fc.constantFrom("user" as const, "group" as const, "role" as const), hostile, hostile, hostile, actor)
    .map(([kind, name, policy, resourceGroupId, who]) =>
      grantChange({ kind, name }, { type: "Custom", name: policy }, { scope: { resourceGroupId }, actor: who }),
    ),
);

const policyDocument = fc.constantFrom(
  undefined,
  "{",
  '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
);

// Channels neutralise what the sentence quotes; a name that got out of its quotes would reach people as we meant it.
test("whatever the names, no part of one stands outside the quotes of a sentence", () => {
  fc.assert(
    fc.property(change, policyDocument, (one, text) => {
      for (const { verdict } of judgeChange(one, { settings: settings(), policyDocument: text })) {
        const told =
          verdict.kind === "violation"
            ? verdict.evidence
            : [{ sentence: verdict.because, facts: {} as { [name: string]: string } }];
        for (const { sentence, facts } of told)
          for (const language of ["en", "zh-CN"] as const satisfies readonly Language[]) {
            const ours = spansOf(sentence[language], Object.values(facts)).filter((span) => typeof span === "string");
            expect(ours.join("|")).not.toContain(mark);
          }
      }
    }),
    { numRuns: 300 },
  );
});

/** The values in quotes, where none holds a quote itself. */
const quoted = (sentence: string): readonly string[] =>
  [...sentence.matchAll(/`([^`]+)`/g)].map(([, value = ""]) => value);

test("each value in quotes is among the facts, raw and exact", () => {
  const name = fc.constantFrom("EVIL", "](http://evil.example)EVIL", "EVIL <@all>");
  const changes: fc.Arbitrary<Change> = fc.oneof(
    fc
      .tuple(name, name, name, name)
      .map(([a, b, c, d]) =>
        trustChange(
          trusting(allow({ RAM: `acs:ram::1234567890123456:user/${a}` }, { StringEquals: { "sts:ExternalId": b } })),
          trusting(
            allow({ RAM: `acs:ram::1234567890123456:user/${a}` }, { StringEquals: { "sts:ExternalId": [b, c] } }),
            allow({ RAM: `acs:ram::1234567890123456:role/${d}` }),
            allow({ Federated: `acs:ram::1234567890123456:oidc-provider/${d}` }),
          ),
        ),
      ),
    fc
      .tuple(name, name)
      .map(([owner, who]) => keyChange(owner, { kind: "user", accountId: "1234567890123456", name: who })),
    fc
      .tuple(name, name, name)
      .map(([a, b, c]) =>
        grantChange({ kind: "role", name: a }, { type: "Custom", name: b }, { scope: { resourceGroupId: c } }),
      ),
  );
  fc.assert(
    fc.property(changes, policyDocument, (one, text) => {
      for (const { verdict } of judgeChange(one, { settings: settings(), policyDocument: text })) {
        if (verdict.kind !== "violation") continue;
        for (const { sentence, facts } of verdict.evidence) {
          const values = Object.values(facts).flatMap((value) => [value, ...value.split(", ")]);
          for (const text of [sentence.en, sentence["zh-CN"]])
            for (const value of quoted(text)) expect(values).toContain(value);
        }
      }
    }),
    { numRuns: 50 },
  );
});
