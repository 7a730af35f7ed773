import { describe, expect, it } from "vitest";
import type { DocumentError, PolicyDocument } from "../../shared/policy/document.ts";
import { parseDocument } from "../../shared/policy/parse.ts";

const parsed = (input: unknown, kind?: "permission" | "trust"): PolicyDocument => {
  const result = parseDocument(typeof input === "string" ? input : JSON.stringify(input), kind);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};

const errors = (input: unknown, kind?: "permission" | "trust"): readonly DocumentError[] => {
  const result = parseDocument(typeof input === "string" ? input : JSON.stringify(input), kind);
  return result.ok ? [] : result.error;
};

const paths = (input: unknown, kind?: "permission" | "trust"): readonly string[] =>
  errors(input, kind).map(({ path, what }) => `${path}: ${what}`);

const flaws = (input: unknown, kind?: "permission" | "trust"): readonly string[] =>
  parsed(input, kind).flaws.map(({ path, what }) => `${path}: ${what}`);

const plain = { Effect: "Allow", Action: "oss:GetObject", Resource: "*" };
const of = (...statements: unknown[]): object => ({ Version: "1", Statement: statements });
const withCondition = (Condition: unknown): object => of({ ...plain, Condition });

describe("what is read", () => {
  it("takes a text for a list of one, everywhere", () => {
    const [one] = parsed(withCondition({ StringEquals: { "oss:Prefix": "a" } })).statements;
    const [many] = parsed(
      of({
        Effect: "Allow",
        Action: ["oss:GetObject"],
        Resource: ["*"],
        Condition: { StringEquals: { "oss:Prefix": ["a"] } },
      }),
    ).statements;
    expect(one).toEqual(many);
    expect(one).toEqual({
      index: 0,
      effect: "Allow",
      action: { complement: false, patterns: ["oss:GetObject"] },
      resource: { complement: false, patterns: ["*"] },
      conditions: [
        {
          operator: "StringEquals",
          family: "string",
          negated: false,
          ifExists: false,
          key: "oss:Prefix",
          values: ["a"],
        },
      ],
    });
    expect(parsed({ Version: "1", Statement: plain }).statements).toHaveLength(1);
  });

  it("takes NotAction and NotResource for complements, and says that the latter is not documented", () => {
    const document = parsed(of({ Effect: "Deny", Sid: "s", NotAction: "ram:*", NotResource: ["a", "b"] }));
    expect(document.statements[0]).toMatchObject({
      sid: "s",
      action: { complement: true, patterns: ["ram:*"] },
      resource: { complement: true, patterns: ["a", "b"] },
    });
    expect(document.flaws).toEqual([
      { path: "$.Statement[0].NotResource", what: "`NotResource` is not in RAM's present grammar" },
    ]);
  });

  it.each([
    [{ RAM: "acs:ram::1:root" }, [{ type: "RAM", value: "acs:ram::1:root" }], 0],
    [
      { Service: ["ecs.aliyuncs.com", "1@log.aliyuncs.com"], Federated: "acs:ram::1:saml-provider/p" },
      [
        { type: "Service", value: "ecs.aliyuncs.com" },
        { type: "Service", value: "1@log.aliyuncs.com" },
        { type: "Federated", value: "acs:ram::1:saml-provider/p" },
      ],
      0,
    ],
    ["*", [{ type: "*", value: "*" }], 0],
    [["*"], [{ type: "*", value: "*" }], 0],
    [{ RAM: ["*"] }, [{ type: "RAM", value: "*" }], 0],
    [{}, [], 0],
    ["acs:ram::1:root", [{ type: "*", value: "acs:ram::1:root" }], 1],
    [{ AWS: "*" }, [{ type: "AWS", value: "*" }], 1],
    [{ RAM: "123" }, [{ type: "RAM", value: "123" }], 1],
    [{ RAM: " acs:ram::1:root" }, [{ type: "RAM", value: "acs:ram::1:root" }], 1],
  ])("reads the principal %j", (Principal, patterns, flawCount) => {
    const document = parsed(of({ Effect: "Allow", Action: "sts:AssumeRole", Principal }));
    expect(document.kind).toBe("trust");
    expect(document.statements[0]?.principal).toEqual({ complement: false, patterns });
    expect(document.flaws).toHaveLength(flawCount);
  });

  it("reads NotPrincipal as a complement", () => {
    const document = parsed(of({ Effect: "Deny", Action: "*", NotPrincipal: { Service: "a.com" } }));
    expect(document.kind).toBe("trust");
    expect(document.statements[0]?.principal).toEqual({
      complement: true,
      patterns: [{ type: "Service", value: "a.com" }],
    });
    expect(document.flaws).toHaveLength(1);
  });

  it.each([
    ["StringEquals", "string", false],
    ["StringNotEquals", "string", true],
    ["StringEqualsIgnoreCase", "string", false],
    ["StringNotEqualsIgnoreCase", "string", true],
    ["StringLike", "string", false],
    ["StringNotLike", "string", true],
    ["NumericEquals", "numeric", false],
    ["NumericNotEquals", "numeric", true],
    ["NumericLessThan", "numeric", false],
    ["NumericLessThanEquals", "numeric", false],
    ["NumericGreaterThan", "numeric", false],
    ["NumericGreaterThanEquals", "numeric", false],
    ["DateEquals", "date", false],
    ["DateNotEquals", "date", true],
    ["DateLessThan", "date", false],
    ["DateLessThanEquals", "date", false],
    ["DateGreaterThan", "date", false],
    ["DateGreaterThanEquals", "date", false],
    ["Bool", "bool", false],
    ["IpAddress", "ip", false],
    ["NotIpAddress", "ip", true],
  ])("knows %s, alone and with IfExists", (operator, family, negated) => {
    const [test] = parsed(withCondition({ [operator]: { k: "v" } })).statements[0]?.conditions ?? [];
    expect(test).toEqual({ operator, family, negated, ifExists: false, key: "k", values: ["v"] });
    const lenient = parsed(withCondition({ [`${operator}IfExists`]: { k: "v" } }));
    expect(lenient.statements[0]?.conditions).toEqual([
      { operator, family, negated, ifExists: true, key: "k", values: ["v"] },
    ]);
    expect(lenient.flaws).toHaveLength(1);
  });

  it.each(["Null", "ForAnyValue:StringEquals", "stringequals", "ArnLike"])(
    "keeps %s as it is, without a meaning",
    (operator) => {
      const [test] = parsed(withCondition({ [operator]: { k: ["v"] } })).statements[0]?.conditions ?? [];
      expect(test).toEqual({ operator, family: "opaque", negated: false, ifExists: false, key: "k", values: ["v"] });
    },
  );

  it("reads numbers and booleans as their texts, and conditions without tests as none", () => {
    expect(
      parsed(withCondition({ Bool: { k: true }, NumericEquals: { n: [1, 2.5] } })).statements[0]?.conditions,
    ).toMatchObject([{ values: ["true"] }, { values: ["1", "2.5"] }]);
    expect(parsed(withCondition({})).statements[0]?.conditions).toEqual([]);
    expect(parsed(withCondition({ Bool: {} })).statements[0]?.conditions).toEqual([]);
  });

  it("sees through escapes, percent signs, a byte order mark and white space", () => {
    const value = of(plain);
    const expected = parsed(value);
    const text = JSON.stringify(value);
    expect(parsed(JSON.stringify(value, null, 4))).toEqual(expected);
    expect(parsed(JSON.stringify(text))).toEqual(expected);
    expect(parsed(JSON.stringify(JSON.stringify(text)))).toEqual(expected);
    expect(parsed(encodeURIComponent(text))).toEqual(expected);
    expect(parsed(`\uFEFF${text}`)).toEqual(expected);
    const value2 = parseDocument({ Version: "1", Statement: [plain] });
    expect(value2.ok && value2.value).toEqual(expected);
    expect(parsed(text.replace("oss:GetObject", "oss\\u003aGetObject"))).toEqual(expected);
  });
});

describe("what cannot be relied on is an error that names its place", () => {
  it.each([
    ["{", ["$: not JSON"]],
    ["", ["$: not JSON"]],
    ["%7Bno", ["$: not JSON"]],
    ["%22%", ["$: not JSON"]],
    ["[]", ["$: not an object"]],
    ["null", ["$: not an object"]],
    [{ Version: "1" }, ["$: no `Statement`"]],
    [{ Version: "2", Statement: [] }, ["$.Version: not `1`"]],
    [{ Version: "1", Statement: [3] }, ["$.Statement[0]: not an object"]],
    [{ Version: "1", Statement: 3 }, ["$.Statement: not an object"]],
    [of({ ...plain, Effect: "allow" }), ["$.Statement[0].Effect: neither `Allow` nor `Deny`"]],
    [of({ Action: "a:b", Resource: "*" }), ["$.Statement[0].Effect: neither `Allow` nor `Deny`"]],
    [of({ ...plain, NotAction: "a:b" }), ["$.Statement[0]: both `Action` and `NotAction`"]],
    [of({ ...plain, NotResource: "*" }), ["$.Statement[0]: both `Resource` and `NotResource`"]],
    [of({ Effect: "Allow", Resource: "*" }), ["$.Statement[0]: neither `Action` nor `NotAction`"]],
    [of({ Effect: "Allow", Action: "a:b" }), ["$.Statement[0]: no `Resource`"]],
    [of({ ...plain, Action: 3 }), ["$.Statement[0].Action: neither a text nor a list of texts"]],
    [of(plain, { ...plain, Action: ["a:b", 3] }), ["$.Statement[1].Action[1]: not a text"]],
    [withCondition([]), ["$.Statement[0].Condition: not an object"]],
    [withCondition({ StringEquals: "x" }), ["$.Statement[0].Condition.StringEquals: not an object"]],
    [
      withCondition({ StringEquals: { "a:b": null } }),
      ['$.Statement[0].Condition.StringEquals["a:b"]: not a text, number or boolean'],
    ],
    [
      withCondition({ StringEquals: { k: ["a", []] } }),
      ["$.Statement[0].Condition.StringEquals.k[1]: not a text, number or boolean"],
    ],
    ['{"Version":"1","Statement":[],"Statement":[]}', ["$.Statement: the member is there twice"]],
    [
      '{"Version":"1","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"a:b":"true","a\\u003ab":"false"}}}]}',
      ['$.Statement[0].Condition.Bool["a:b"]: the member is there twice'],
    ],
    [
      '{"Version":"1","Statement":[{},{"Effect":"Deny","x":["{\\"",{}],"Effect":"Allow"}]}',
      ["$.Statement[1].Effect: the member is there twice"],
    ],
    [`{"Version":"1","Statement":[${"[".repeat(40)}${"]".repeat(40)}]}`, ["$: nested deeper than 32 levels"]],
  ])("%j", (input, expected) => {
    expect(paths(input)).toEqual(expected);
  });

  it("asks a trust document for a principal", () => {
    expect(paths(of({ Effect: "Allow", Action: "sts:AssumeRole" }), "trust")).toEqual([
      "$.Statement[0]: no `Principal`",
    ]);
    expect(
      paths(of({ Effect: "Allow", Action: "sts:AssumeRole", Principal: "*" }, { Effect: "Allow", Action: "x:y" })),
    ).toEqual(["$.Statement[1]: no `Principal`"]);
    expect(paths(of({ Effect: "Allow", Action: "a:b", Principal: { RAM: "*" }, NotPrincipal: "*" }))).toEqual([
      "$.Statement[0]: both `Principal` and `NotPrincipal`",
    ]);
  });

  it("does not take a pattern for a type of principal, but `*` for everyone", () => {
    for (const type of ["R?M", "*M", "RAM|x"]) {
      expect(paths(of({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { [type]: "x" } }))).toEqual([
        `$.Statement[0].Principal["${type}"]: no type of principal`,
      ]);
    }
    const everyone = of({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { "*": "*" } });
    expect(paths(everyone)).toEqual([]);
    expect(parsed(everyone).statements[0]?.principal?.patterns).toEqual([{ type: "*", value: "*" }]);
  });

  it("bounds the nesting of a value that was read elsewhere", () => {
    let deep: unknown = "x";
    for (let level = 0; level < 40; level += 1) deep = level % 2 === 0 ? [deep] : { x: deep };
    const result = parseDocument({ Version: "1", Statement: deep as never });
    expect(result.ok ? [] : result.error).toEqual([{ path: "$", what: "nested deeper than 32 levels" }]);
  });

  it("reads brackets, colons and quotes inside texts as text", () => {
    expect(paths(withCondition({ StringEquals: { k: ['{"a":1}', "[[[", "\\", '\\"', "::::"] } }))).toEqual([]);
  });
});

describe("what is uncertain is a flaw", () => {
  it.each([
    [{ Statement: [plain] }, "$: no `Version`"],
    [{ Version: 1, Statement: [plain] }, "$.Version: a number, not the text `1`"],
    [{ Version: "1", Id: "x", Statement: [plain] }, "$.Id: `Id` is not documented"],
    [of({ ...plain, Extra: 1 }), "$.Statement[0].Extra: `Extra` is not documented"],
    [
      of({ ...plain, Action: "oss: GetObject" }),
      "$.Statement[0].Action: blanks left out of the action `oss: GetObject`",
    ],
    [of({ ...plain, Action: "GetObject" }), "$.Statement[0].Action: the action `GetObject` names no service"],
    [
      of({ ...plain, Action: "oss:\u212AillX" }),
      "$.Statement[0].Action: the action `oss:\u212AillX` holds letters that no action has",
    ],
    [
      withCondition({ StringEquals: { "a:b": "x", "A:B": "y" } }),
      "$.Statement[0].Condition.StringEquals: one key in two spellings",
    ],
    [of({ ...plain, Resource: " *" }), "$.Statement[0].Resource: blanks around the resource ` *`"],
    [
      of({ ...plain, Resource: "a/\u0024{b}" }),
      "$.Statement[0].Resource: `a/\u0024{b}` looks like a variable, which RAM does not document; read as plain text",
    ],
  ])("%j", (input, flaw) => {
    expect(flaws(input)).toEqual([flaw]);
  });

  it.each<[unknown, string]>([
    [{ RAM: " acs:ram::1:root" }, ".RAM: blanks around the principal ` acs:ram::1:root`"],
    [{ RAM: "123" }, ".RAM: `123` is not the name of a RAM principal"],
    [{ AWS: "*" }, ".AWS: principal type `AWS` is not documented"],
    ["acs:ram::1:root", ": the principal `acs:ram::1:root` has no type"],
    [
      { RAM: "acs:ram::1:user/\u0024{x}" },
      ".RAM: `acs:ram::1:user/\u0024{x}` looks like a variable, which RAM does not document; read as plain text",
    ],
  ])("of the principal %j", (Principal, flaw) => {
    expect(flaws(of({ Effect: "Allow", Action: "sts:AssumeRole", Principal }))).toEqual([
      `$.Statement[0].Principal${flaw}`,
    ]);
  });

  it("says which operator is not documented, and keeps what else is there", () => {
    expect(flaws(withCondition({ BoolIfExists: { k: "true" } }))).toEqual([
      "$.Statement[0].Condition.BoolIfExists: `BoolIfExists` is not documented for RAM",
    ]);
    expect(flaws(withCondition({ Bool: { "a:b": "true", "a:c": "true" } }))).toEqual([]);
    expect(parsed(of({ ...plain, Sid: 3 })).statements[0]).not.toHaveProperty("sid");
    expect(parsed(of({ ...plain, Action: "oss:Get~", Resource: "~" })).statements[0]?.action.patterns).toEqual([
      "oss:Get~",
    ]);
    expect(flaws(of({ ...plain, Action: "oss:Get~" }))).toEqual([]);
    expect(
      parsed(of({ Effect: "Allow", Action: "sts:AssumeRole", Principal: " * " })).statements[0]?.principal,
    ).toEqual({
      complement: false,
      patterns: [{ type: "*", value: "*" }],
    });
  });

  it("finds a principal in a permission document and a resource in a trust document", () => {
    expect(flaws(of({ ...plain, Principal: "*" }), "permission")).toEqual([
      "$.Statement[0]: a permission document names no principal",
    ]);
    expect(flaws(of({ ...plain, Principal: "*" }))).toEqual(["$.Statement[0]: a trust document names no resource"]);
  });

  it("drops the blanks of an action", () => {
    expect(parsed(of({ ...plain, Action: " oss: GetObject " })).statements[0]?.action.patterns).toEqual([
      "oss:GetObject",
    ]);
  });
});
