import { describe, expect, it } from "vitest";
import { compareDocuments } from "../../shared/policy/compare.ts";
import type { Attached, Attachments, Comparison } from "../../shared/policy/comparison.ts";
import { parseDocument } from "../../shared/policy/parse.ts";

const allow = (Action: unknown = "*", members: object = {}): object => ({
  Effect: "Allow",
  Action,
  Resource: "*",
  ...members,
});
const deny = (Action: unknown = "*", members: object = {}): object => ({ ...allow(Action, members), Effect: "Deny" });
const trust = (Principal: unknown, members: object = {}): object => ({
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Principal,
  ...members,
});
const text = (...statements: object[]): string => JSON.stringify({ Version: "1", Statement: statements });
const inGroup = (id: string, ...statements: object[]): Attached => ({
  document: text(...statements),
  scope: { resourceGroupId: id },
});
const compare = (before: Attachments, after: Attachments): Comparison => compareDocuments(before, after);
const result = (before: Attachments, after: Attachments): string => compare(before, after).result;

describe("what is told with an answer", () => {
  it("the statement that allows, by document and Sid, and the Deny that is gone", () => {
    const answer = compare(
      [text(allow("ecs:*")), text({ ...deny("ecs:StopInstance"), Sid: "guard" })],
      [text(allow("oss:*")), text(deny("oss:*"), { ...allow("ecs:*"), Sid: "all" })],
    );
    expect(answer).toMatchObject({
      result: "new-access",
      recommended: "new-access",
      exact: true,
      ambiguous: [],
      witness: { action: "ecs:StopInstance", resource: "*", context: {} },
      allowedBy: { document: 1, statement: 1, sid: "all" },
      noLongerDeniedBy: { document: 1, statement: 0, sid: "guard" },
    });
    expect(answer.inexactBecause).toBeUndefined();
    expect(answer.grants).toBeUndefined();
  });

  it("nothing more where nothing is new", () => {
    expect(compare([text(allow())], [text(allow("ecs:*"))])).toEqual({
      result: "no-new-access",
      recommended: "no-new-access",
      exact: true,
      ambiguous: [],
      steps: expect.any(Number),
    });
  });

  it("one witness for each statement that grants, when all are asked for", () => {
    const answer = compareDocuments(
      [text(allow("oss:*"))],
      [text(allow("ecs:StopInstance"), allow("oss:Get*"), allow("kms:Decrypt"))],
      {
        allWitnesses: true,
      },
    );
    expect(answer.grants?.map(({ allowedBy, witness }) => [allowedBy.statement, witness.action])).toEqual([
      [0, "ecs:StopInstance"],
      [2, "kms:Decrypt"],
    ]);
  });

  it("what is said twice, in whatever words, is told once", () => {
    const answer = compareDocuments(
      [],
      [text(allow("ecs:StopInstance"), allow("ECS:STOPINSTANCE"), allow("ecs:StopInstance"), allow("kms:Decrypt"))],
      { allWitnesses: true },
    );
    expect(answer.grants?.map(({ allowedBy }) => allowedBy.statement)).toEqual([0, 3]);
  });

  it.each([
    [["oss:*"], "*", { action: "oss:GetObject", resource: "*" }],
    [["oss:Get?bject"], "*", { action: "oss:GetObject", resource: "*" }],
    [["OSS:getobjectacl"], "*", { action: "OSS:getobjectacl", resource: "*" }],
    [["nosuch:Do*"], "*", { action: "nosuch:dox", resource: "*" }],
    [
      "ecs:StopInstance",
      "acs:ecs:*:*:instance/*",
      { action: "ecs:StopInstance", resource: "acs:ecs:cn-hangzhou:1234567890123456:instance/example" },
    ],
    [
      "ecs:StopInstance",
      "acs:ecs:cn-beijing:*:instance/i-?",
      { action: "ecs:StopInstance", resource: "acs:ecs:cn-beijing:1234567890123456:instance/i-x" },
    ],
    [
      "sts:AssumeRole",
      "acs:ram:*:1:role/App*",
      { action: "sts:AssumeRole", resource: "acs:ram:cn-hangzhou:1:role/appexample" },
    ],
  ])("a witness in known words: %j on %s", (Action, Resource, witness) => {
    expect(compare([], [text(allow(Action, { Resource }))]).witness).toEqual({ ...witness, context: {} });
  });

  it("a request that a reader knows for everything but", () => {
    const answer = compare([text({ Effect: "Allow", NotAction: ["ram:*", "oss:*"], Resource: "*" })], [text(allow())]);
    expect(answer.witness?.action).toBe("oss:GetObject");
    const other = compare(
      [text(allow(["ram:*", "oss:*"]))],
      [text({ Effect: "Allow", NotAction: ["ecs:*", "kms:*"], Resource: "*" })],
    );
    expect(other.witness?.action).toBe("actiontrail:StopLogging");
  });

  it.each([
    ["*", { type: "RAM", value: "acs:ram::9876543210987654:user/example" }],
    [{ Service: "*" }, { type: "Service", value: "ecs.aliyuncs.com" }],
    [{ Federated: "*" }, { type: "Federated", value: "acs:ram::1234567890123456:saml-provider/example" }],
    [{ RAM: "acs:ram::1:root" }, { type: "RAM", value: "acs:ram::1:user/example" }],
    [{ RAM: "acs:ram::1:role/*" }, { type: "RAM", value: "acs:ram::1:role/example" }],
  ])("a principal that could be one: %j", (Principal, principal) => {
    expect(compare([text()], [text(trust(Principal))]).witness).toEqual({
      action: "sts:AssumeRole",
      principal,
      context: {},
    });
  });

  it("the other kind of principal where the likely one is there already", () => {
    const before = text(trust({ RAM: "*" }));
    expect(compare([before], [text(trust("*"))]).witness?.principal).toEqual({
      type: "Service",
      value: "ecs.aliyuncs.com",
    });
    const users = text(trust({ RAM: "acs:ram::1:user/*" }));
    expect(compare([users], [text(trust({ RAM: "acs:ram::1:root" }))]).witness?.principal?.value).toBe(
      "acs:ram::1:role/example",
    );
  });

  it("values of conditions in known words", () => {
    const condition = (value: string) => ({ Condition: { StringLike: { "oidc:sub": value } } });
    const before = text(trust({ Federated: "f" }, condition("repo:org/*")));
    expect(compare([before], [text(trust({ Federated: "f" }, condition("repo:*")))]).witness?.context).toEqual({
      "oidc:sub": "repo:example/app:ref:refs/heads/main",
    });
    expect(compare([before], [text(trust({ Federated: "f" }, condition("repo:org*")))]).witness?.context).toEqual({
      "oidc:sub": "repo:orgx",
    });
  });
});

describe("when the budget is gone", () => {
  const hard = [text(allow("a:*", { Resource: ["b/", "b/?", "b/??*"] }))];

  it("nothing is decided", () => {
    const because = "more than 10 steps of search";
    const answer = compareDocuments(hard, [text(allow("a:*", { Resource: "b/*" }))], { budget: 10 });
    expect(answer).toMatchObject({ result: "undecided", recommended: "undecided", exact: false, because });
    expect(answer.inexactBecause).toEqual([because]);
    expect(answer.grants).toBeUndefined();
  });

  it("under a later reading, the answer of the likelier one alone is not taken for the whole", () => {
    const on = (...Resource: string[]) => ({ Resource });
    const before = [
      text(allow("oss:*", on("acs:oss:*:*:a/*", "acs:oss:*:*:b/*")), deny("oss:D*", on("acs:oss:*:*:a/*"))),
    ];
    const after = [text(allow("oss:*", on("acs:oss:*:*:b/*")))];
    const { steps } = compareDocuments(before, after);
    expect(compareDocuments(before, after, { budget: steps })).toMatchObject({ result: "new-access" });
    expect(compareDocuments(before, after, { budget: steps - 1 })).toMatchObject({
      result: "undecided",
      recommended: "no-new-access",
      exact: false,
      ambiguous: [],
      because: `more than ${steps - 1} steps of search`,
    });
  });

  it("what was found until then is told", () => {
    const after = [text(allow("ecs:StopInstance"), allow("a:*", { Resource: "b/*" }))];
    const answer = compareDocuments(hard, after, { budget: 60, allWitnesses: true });
    expect(answer.result).toBe("new-access");
    expect(answer.grants?.map(({ allowedBy }) => allowedBy.statement)).toEqual([0]);
    expect(compareDocuments(hard, after, { allWitnesses: true }).steps).toBeGreaterThan(60);
  });
});

describe("letters that stand for any other", () => {
  it("one that no document names, where the usual one is named", () => {
    expect(compare([text(allow("nosuch:x*"))], [text(allow("nosuch:*"))]).witness?.action).toBe("nosuch:yy");
    const named = { Resource: ["acs:y"], Condition: { StringEquals: { "a:b": ["z"] } } };
    const before: Attachments = {
      documents: [text(allow("nosuch:x*")), text(allow("kms:A", named))],
      session: [text(allow(), deny("k:w"))],
    };
    expect(compare(before, { ...before, documents: [text(allow("nosuch:*"))] }).witness?.action).toBe("nosuch:vv");
  });

  it("in the names of principals too", () => {
    const users = (...names: string[]) => text(trust({ RAM: names.map((name) => `acs:ram::1:user/${name}`) }));
    expect(compare([users("x*", "example", "y", "zz")], [users("*")]).witness?.principal?.value).toBe(
      "acs:ram::1:user/w",
    );
  });
});

describe("what a hostile hand could write", () => {
  it("a line break in a name is no border between names", () => {
    const names = (...Resource: string[]) => [text(allow("a:b", { Resource }))];
    expect(compare(names("x", "y"), names("x\ny"))).toMatchObject({ witness: { resource: "x\ny" } });
    expect(compare(names("x\ny"), names("x", "y"))).toMatchObject({ result: "new-access" });
  });

  it.each(["constructor", "__proto__", "toString"])("a condition key that is called `%s`", (key) => {
    const condition = JSON.parse(`{"Condition":{"StringEquals":{"${key}":"x"}}}`) as object;
    const { result, witness } = compare([], [text(allow("*", condition))]);
    expect(result).toBe("new-access");
    expect(Object.entries(witness?.context ?? {})).toEqual([[key, "x"]]);
    expect(compare([text(allow("*", condition))], [text(allow("ecs:*", condition))]).result).toBe("no-new-access");
  });

  it("a service that is called `constructor`", () => {
    expect(compare([], [text(allow("constructor:*"))]).witness?.action).toBe("constructor:xx");
  });

  it("a type of principal that would match others is not read", () => {
    for (const type of ["R?M", "*M", "RAM|acs:ram::1:user/a"]) {
      expect(compare([text(trust({ [type]: "*" }))], [text(trust({ RAM: "acs:ram::1:user/a" }))])).toMatchObject({
        result: "undecided",
        because: expect.stringContaining("no type of principal"),
      });
    }
  });

  it("many statements that are said again in other words cost no search", () => {
    const many = Array.from({ length: 40 }, (_, at) => allow("ecs:*", { Resource: `acs:ecs:*:*:instance/${at}` }));
    const again = many.map((statement) => ({ ...statement, Action: ["ECS:*"] }));
    expect(compare([text(...many)], [text(...again, ...many)])).toMatchObject({ result: "no-new-access", steps: 0 });
  });
});

describe("numbers between numbers", () => {
  const number = (operator: string, ...values: string[]) => ({ [operator]: { "a:b": values } });
  const on = (...tests: object[]) => text(allow("*", { Condition: Object.assign({}, ...tests) }));

  it.each([
    [["0.1", "0.2"], "0.15000000000000002"],
    [["0.00000000000001", "0.00000000000002"], "0.000000000000014999999999999999"],
    [["999999999999998", "999999999999999"], "999999999999998.5"],
    [["3", "5"], "4"],
  ])("what lies between %j is found, and written without an exponent", ([low = "", high = ""], between) => {
    const range = on(number("NumericGreaterThanEquals", low), number("NumericLessThanEquals", high));
    const { result, exact, witness } = compare([on(number("NumericEquals", low, high))], [range]);
    expect({ result, exact }).toEqual({ result: "new-access", exact: true });
    expect(witness?.context["a:b"]).toBe(between);
  });

  it("what lies beyond the largest number is found", () => {
    expect(compare([], [on(number("NumericGreaterThan", "999999999999999"))]).witness?.context["a:b"]).toBe(
      "1000000000000000",
    );
  });
});

describe("what cannot be decided is not fine", () => {
  it.each([
    ["{", "document 0 of before cannot be read: not JSON at `$`"],
    [
      '{"Version":"1","Statement":[],"Statement":[]}',
      "document 0 of before cannot be read: the member is there twice at `$.Statement`",
    ],
    [
      text({ ...allow(), NotAction: "a:b" }),
      "document 0 of before cannot be read: both `Action` and `NotAction` at `$.Statement[0]`",
    ],
  ])("%s", (document, because) => {
    expect(compare([document], [document])).toEqual({
      result: "undecided",
      recommended: "undecided",
      exact: false,
      inexactBecause: [because],
      ambiguous: [],
      because,
      steps: 0,
    });
  });

  it("names the side and the session document", () => {
    expect(compare([], [text(), "x"]).because).toBe("document 1 of after cannot be read: not JSON at `$`");
    expect(compare([], { documents: [text()], session: [text(), "x"] }).because).toBe(
      "session document 1 of after cannot be read: not JSON at `$`",
    );
  });

  it("two kinds of documents have nothing to compare, but an empty one is of either kind", () => {
    expect(compare([text(allow())], [text(trust("*"))])).toMatchObject({
      result: "undecided",
      because: "a permission document and a trust document have nothing to compare",
    });
    expect(result([text()], [text(trust("*"))])).toBe("new-access");
    expect(result([text(trust("*"))], [text()])).toBe("no-new-access");
    expect(result([text(trust("*"))], [])).toBe("no-new-access");
  });

  it("takes documents that were read before", () => {
    const parsed = parseDocument(text(allow("ecs:*")));
    if (!parsed.ok) throw new Error("not read");
    expect(result([parsed.value], [text(allow("ecs:Stop*"))])).toBe("no-new-access");
    expect(result([{ document: parsed.value, scope: "account" }], [text(allow())])).toBe("new-access");
  });

  it("a flaw makes every answer inexact, even of equal documents", () => {
    const flawed = text(allow("ecs: Stop"));
    expect(compare([flawed], [flawed])).toMatchObject({
      result: "no-new-access",
      exact: false,
      inexactBecause: [
        "blanks left out of the action `ecs: Stop` at `$.Statement[0].Action` of document 0 of before",
        "blanks left out of the action `ecs: Stop` at `$.Statement[0].Action` of document 0 of after",
      ],
    });
    expect(compare([], { documents: [text(allow())], session: [flawed] })).toMatchObject({ exact: false });
  });

  it("a test without a known meaning is itself and nothing else", () => {
    const set = (value: string) => ({ Condition: { "ForAnyValue:StringEquals": { "acs:TagKeys": value } } });
    const a = text(allow("*", set("a")));
    expect(compare([a], [a])).toMatchObject({ result: "no-new-access", exact: true });
    expect(compare([a], [text(allow("ecs:*", set("a")))])).toMatchObject({ result: "no-new-access", exact: false });
    expect(compare([a], [text(allow("*", set("b")))])).toMatchObject({
      result: "new-access",
      inexactBecause: ["`ForAnyValue:StringEquals` on `acs:TagKeys` is not understood"],
    });
    expect(compare([text(allow())], [text(allow(), deny("*", set("a")))])).toMatchObject({ result: "no-new-access" });
    expect(compare([text(allow(), deny())], [text(allow(), deny("*", set("a")))])).toMatchObject({
      result: "new-access",
      inexactBecause: ["`ForAnyValue:StringEquals` on `acs:TagKeys` is not understood"],
    });
    const wrong = { Condition: { IpAddress: { "acs:SourceIp": ["10.0.0.0/8", "no address"] } } };
    expect(compare([text(allow("*", wrong))], [text(allow("ecs:*", wrong))])).toMatchObject({
      result: "no-new-access",
      exact: false,
    });
  });

  it("a test that could change nothing keeps no answer from being exact", () => {
    const odd = { Condition: { Odd: { "a:b": "x" } } };
    expect(compare([text(allow("ecs:*"))], [text(allow("ecs:Stop*", odd))])).toMatchObject({
      result: "no-new-access",
      exact: true,
    });
    expect(compare([text(allow("ecs:*")), text(allow("*", odd))], [text(allow("ecs:Stop*"))])).toMatchObject({
      result: "no-new-access",
      exact: true,
    });
  });

  it("one key that is compared in two ways is not exact, and undecided where no request shows it", () => {
    const on = (operator: string, value: string) => ({ Condition: { [operator]: { "acs:SourceIp": value } } });
    const because = "`acs:SourceIp` is compared in two ways";
    const compared = (before: object, after: object): Comparison =>
      compare([text(allow("*", before))], [text(allow("*", after))]);
    expect(compared(on("StringEquals", "10.0.0.1"), on("IpAddress", "10.0.0.1"))).toMatchObject({
      result: "undecided",
      exact: false,
      because,
      inexactBecause: [because],
    });
    expect(compared(on("StringEquals", "1.2.3.4"), on("IpAddress", "10.0.0.0/8"))).toMatchObject({
      result: "new-access",
      exact: false,
      witness: { context: { "acs:SourceIp": "10.0.0.0" } },
      inexactBecause: [because],
    });
    expect(compared(on("IpAddress", "10.0.0.1"), on("StringEquals", "1.2.3.4"))).toMatchObject({
      result: "new-access",
      witness: { context: { "acs:SourceIp": "1.2.3.4" } },
    });
    expect(compared(on("IpAddress", "10.0.0.1"), on("StringNotEquals", "10.0.0.1"))).toMatchObject({
      result: "new-access",
    });
  });

  it("what cannot be shown hides nothing that can, and what is shown ends the search", () => {
    const on = (operator: string) => ({ Condition: { [operator]: { "acs:SourceIp": "10.0.0.1" } } });
    const before = [text(allow("*", on("StringEquals")))];
    const [unshown, shown] = [allow("*", on("IpAddress")), allow("kms:Decrypt")];
    expect(compare(before, [text(unshown)]).result).toBe("undecided");
    expect(compare(before, [text(unshown, shown)])).toMatchObject({
      result: "new-access",
      allowedBy: { statement: 1 },
      witness: { action: "kms:Decrypt" },
    });
    const many = [shown, allow("ecs:*"), allow("oss:*")];
    expect(compare([], [text(...many)]).steps).toBe(compare([], [text(shown)]).steps);
  });

  it("a principal that is also a condition is not exact", () => {
    const who = "acs:ram::1:user/a";
    const answer = compare(
      [text(trust({ RAM: "acs:ram::1:root" }, { Condition: { StringEquals: { "acs:PrincipalARN": who } } }))],
      [text(trust({ RAM: who }))],
    );
    expect(answer).toMatchObject({
      exact: false,
      inexactBecause: ["`acs:PrincipalARN` is taken to be independent of the principal"],
    });
    const when = { Condition: { StringEquals: { "acs:PrincipalARN": who } } };
    expect(compare([text(allow("*", when))], [text(allow())])).toMatchObject({ result: "new-access", exact: true });
    const other = { Condition: { StringEquals: { "acs:PrincipalRDId": who } } };
    expect(compare([text(trust({ RAM: who }, other))], [text(trust({ RAM: who }))])).toMatchObject({ exact: true });
  });
});

describe("the open readings", () => {
  const on = (...Resource: string[]) => ({ Resource });

  it("says when the answer hangs on wildcards in names", () => {
    const before = text(
      allow("oss:*", on("acs:oss:*:*:a/*", "acs:oss:*:*:b/*")),
      deny("oss:Delete*", on("acs:oss:*:*:a/*")),
    );
    expect(compare([before], [text(allow("oss:*", on("acs:oss:*:*:b/*")))])).toMatchObject({
      result: "new-access",
      recommended: "no-new-access",
      ambiguous: ["A3"],
      exact: true,
    });
    expect(
      compare([text(allow("oss:*", on("acs:oss:*:b")))], [text(allow("oss:*", on("acs:oss:cn:1:b")))]),
    ).toMatchObject({
      result: "new-access",
      recommended: "new-access",
      ambiguous: ["A3"],
    });
  });

  it("says so too where a complement holds a name in parts and not flat, which no search is needed to see", () => {
    const rest = { Effect: "Allow", Action: "oss:*", NotResource: "acs:oss:*:b" };
    const one = allow("oss:*", on("acs:oss:cn:1:b"));
    // In parts, the name is none of those that are left out.
    expect(compare([text(rest)], [text(one)])).toMatchObject({
      result: "new-access",
      recommended: "no-new-access",
      ambiguous: ["A3"],
    });
    expect(compare([text(allow("oss:*"), { ...rest, Effect: "Deny" })], [text(one)]).ambiguous).toEqual(["A3"]);
    const both = [text(allow("oss:*", on("acs:oss:cn:1:c"))), text(rest)];
    expect(compare(both, [text(one, allow("oss:*", on("acs:oss:cn:1:c")))])).toMatchObject({ ambiguous: ["A3"] });
  });

  it("says when the answer hangs on negation without the key", () => {
    const ip = (operator: string) => ({ Condition: { [operator]: { "acs:SourceIp": "10.0.0.0/8" } } });
    expect(compare([text(allow("*", ip("IpAddress")))], [text(allow(), deny("*", ip("NotIpAddress")))])).toMatchObject({
      result: "new-access",
      recommended: "no-new-access",
      ambiguous: ["A4"],
      witness: { context: {} },
    });
    expect(compare([text(allow(), deny("*", ip("NotIpAddress")))], [text(allow("*", ip("IpAddress")))])).toMatchObject({
      result: "no-new-access",
      ambiguous: [],
    });
    expect(compare([text(allow("*", ip("IpAddress")), allow("*", ip("NotIpAddress")))], [text(allow())])).toMatchObject(
      {
        result: "new-access",
        recommended: "no-new-access",
        ambiguous: ["A4"],
      },
    );
  });
});

describe("an open reading on which only part of a document hangs", () => {
  const on = (...Resource: string[]) => ({ Resource });
  const hangsOnWildcards = { result: "new-access", recommended: "no-new-access", ambiguous: ["A3"], exact: true };

  it("one pattern of a list of resources", () => {
    const [open, plain] = ["acs:oss:*:*:a/*", "acs:oss:cn:1:c"];
    const all = allow("oss:*", on("acs:oss:cn:1:*", "acs:oss:cn:1:c"));
    expect(
      compare(
        [text(all, deny("oss:*", on("acs:oss:cn:*:a", plain)))],
        [text(all, deny("oss:*", on("acs:oss:cn:1:a", plain)))],
      ),
    ).toMatchObject(hangsOnWildcards);
    const before = text(allow("oss:*", on(open, "acs:oss:*:*:b/*", plain)), deny("oss:Delete*", on(open)));
    expect(compare([before], [text(allow("oss:*", on(plain, "acs:oss:*:*:b/*")))])).toMatchObject(hangsOnWildcards);
  });

  it("one pattern of a list of principals", () => {
    const all = trust({ RAM: "acs:ram::1:*" });
    const but = (...RAM: string[]) => ({ ...trust({ RAM }), Effect: "Deny" });
    const answer = compare(
      [text(all, but("acs:ram::*:user/a", "acs:ram::2:user/b"))],
      [text(all, but("acs:ram::1:user/a", "acs:ram::2:user/b"))],
    );
    expect(answer).toMatchObject(hangsOnWildcards);
    expect(answer.witness?.principal?.value).toMatch(/^acs:ram::1:.*:user\/a$/);
  });
});

describe("a trust document that names a resource in one statement only", () => {
  it("lets more in where it no longer does", () => {
    const who = { RAM: "acs:ram::1:user/a" };
    const narrow = trust(who, { Resource: "acs:x:*:*:y" });
    expect(compare([text(narrow)], [text(narrow, trust(who))])).toMatchObject({
      result: "new-access",
      allowedBy: { statement: 1 },
    });
    expect(result([text(trust(who))], [text(narrow, trust(who))])).toBe("no-new-access");
  });
});

describe("both open readings in one document", () => {
  const on = (...Resource: string[]) => ({ Resource });
  const ip = (operator: string) => ({ Condition: { [operator]: { "acs:SourceIp": "10.0.0.0/8" } } });
  const hidden = [allow("oss:*", on("acs:oss:*:*:a/*", "acs:oss:*:*:b/*")), deny("oss:Delete*", on("acs:oss:*:*:a/*"))];
  const shown = allow("oss:*", on("acs:oss:*:*:b/*"));
  const ambiguous = (before: object[], after: object[]) => {
    const answer = compare([text(...before)], [text(...after)]);
    return [answer.result, answer.recommended, answer.ambiguous];
  };

  it("only the one on which the answer hangs is told", () => {
    const negated = allow("kms:*", ip("NotIpAddress"));
    expect(ambiguous([...hidden, negated], [shown, negated])).toEqual(["new-access", "no-new-access", ["A3"]]);
    const parts = allow("ecs:*", on("acs:ecs:*:*:instance/a"));
    const [before, after] = [allow("kms:*", ip("IpAddress")), deny("kms:*", ip("NotIpAddress"))];
    expect(ambiguous([parts, before], [parts, allow("kms:*"), after])).toEqual(["new-access", "no-new-access", ["A4"]]);
  });

  it("either of them alone shows it", () => {
    expect(
      ambiguous(
        [...hidden, allow("kms:*", ip("IpAddress"))],
        [shown, allow("kms:*"), deny("kms:*", ip("NotIpAddress"))],
      ),
    ).toEqual(["new-access", "no-new-access", ["A3", "A4"]]);
  });

  it("only both of them together show it", () => {
    const apart = { Effect: "Allow", Action: "oss:*", NotResource: "acs:oss:*:*:a/*" };
    expect(ambiguous([apart, allow("oss:*", ip("IpAddress"))], [shown, deny("*", ip("NotIpAddress"))])).toEqual([
      "new-access",
      "no-new-access",
      ["A3", "A4"],
    ]);
  });
});

describe("what is taken together", () => {
  it("Denies of the account and of a group, each for what it can forbid", () => {
    expect(
      compare([text(allow("ecs:*"), deny("oss:*")), inGroup("rg-1", deny("ecs:*"))], [text(allow("ecs:*"))]),
    ).toMatchObject({ result: "no-new-access", exact: false });
    expect(result([], [text(deny("kms:*")), inGroup("rg-1", allow("ecs:*"), deny("ecs:*"))])).toBe("no-new-access");
  });

  it("a Deny of a session takes away from what is new", () => {
    const rest = { Effect: "Deny", NotAction: "ecs:*", Resource: "*" };
    expect(result([text(allow("ecs:*"))], { documents: [text(allow())], session: [text(allow(), rest)] })).toBe(
      "no-new-access",
    );
  });

  it("sibling documents hide and reveal", () => {
    expect(result([text(allow()), text(deny("ram:*"))], [text(allow())])).toBe("new-access");
    expect(
      result([text(allow("ecs:*"))], [text(allow()), text({ Effect: "Deny", NotAction: "ecs:*", Resource: "*" })]),
    ).toBe("no-new-access");
    expect(result([text(allow("ecs:*")), text(allow("oss:*"))], [text(allow(["oss:Get*", "ecs:Stop*"]))])).toBe(
      "no-new-access",
    );
  });

  it("an Allow of a resource group is less than one of the account", () => {
    expect(result([text(allow("ecs:*"))], [inGroup("rg-1", allow("ecs:*"))])).toBe("no-new-access");
    expect(compare([inGroup("rg-1", allow("ecs:*"))], [text(allow("ecs:*"))])).toMatchObject({
      result: "new-access",
      exact: true,
    });
    expect(compare([inGroup("rg-1", allow("ecs:*"))], [inGroup("rg-2", allow("ecs:*"))])).toMatchObject({
      result: "new-access",
      witness: { context: { "resource group": "rg-2" } },
    });
    expect(result([inGroup("rg-1", allow("ecs:*"))], [inGroup("rg-1", allow("ecs:Stop*"))])).toBe("no-new-access");
  });

  it("a Deny of a resource group never hides an Allow of the account", () => {
    expect(result([], [text(allow("ecs:*")), inGroup("rg-1", deny())])).toBe("new-access");
    expect(compare([text(allow())], [text(allow()), inGroup("rg-1", deny())])).toMatchObject({
      result: "no-new-access",
      exact: false,
    });
    expect(compare([text(allow()), inGroup("rg-1", deny())], [text(allow())])).toMatchObject({
      result: "no-new-access",
      inexactBecause: ["a Deny that is attached to a resource group is read as not overruling the account's scope"],
    });
    expect(compare([inGroup("rg-1", allow(), deny("ram:*"))], [inGroup("rg-1", allow())])).toMatchObject({
      result: "new-access",
      noLongerDeniedBy: { document: 0, statement: 1 },
    });
    expect(
      compare([inGroup("rg-1", allow(), deny("ram:*"))], [inGroup("rg-1", allow("ecs:*"), deny("ram:*"))]),
    ).toMatchObject({ exact: true });
  });

  it("a session policy only takes away, and taking it away gives", () => {
    const documents = [text(allow())];
    const session = (...statements: object[]): Attachments => ({ documents, session: [text(...statements)] });
    expect(result(documents, session(allow("ecs:*")))).toBe("no-new-access");
    expect(compare(session(allow("ecs:*")), documents)).toMatchObject({
      result: "new-access",
      allowedBy: { document: 0, statement: 0 },
    });
    expect(result(session(allow("ecs:*")), session(allow("ecs:Stop*")))).toBe("no-new-access");
    expect(result(session(allow("ecs:Stop*")), session(allow("ecs:*")))).toBe("new-access");
    expect(result(session(allow(), deny("ram:*")), session(allow()))).toBe("new-access");
    expect(result(session(allow()), session(allow(), deny("ram:*")))).toBe("no-new-access");
    expect(result(session(allow()), session(allow()))).toBe("no-new-access");
    expect(result(session(allow(), deny("ram:*")), session(deny("ram:*"), allow()))).toBe("no-new-access");
    expect(result(documents, { documents, session: [] })).toBe("no-new-access");
    expect(result({ documents, session: [] }, documents)).toBe("new-access");
    expect(result({ documents, session: [] }, { documents, session: [] })).toBe("no-new-access");
    expect(result(session(allow(), deny("ram:*")), [text(allow(), deny("ram:*"))])).toBe("no-new-access");
  });
});
