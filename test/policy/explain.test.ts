import { describe, expect, it } from "vitest";
import type { PolicyDocument } from "../../shared/policy/document.ts";
import { explainPermissions, explainTrust } from "../../shared/policy/explain.ts";
import { parseDocument } from "../../shared/policy/parse.ts";

const read = (...statements: object[]): PolicyDocument => {
  const parsed = parseDocument(JSON.stringify({ Version: "1", Statement: statements }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
};
const allow = (Action: string, more: object = {}): object => ({ Effect: "Allow", Action, Resource: "*", ...more });
const trust = (RAM: string): object => ({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { RAM } });

describe("what permission documents allow that matters", () => {
  it("as if nothing had been allowed before", () => {
    const found = explainPermissions([read(allow("ram:UpdateRole")), read(allow("oss:GetObject"))]);
    expect(found).toMatchObject({ kind: "permission", tiers: ["identity-admin"], severity: "critical", exact: true });
    if (found.kind !== "permission") throw new Error(found.kind);
    expect(found.reasons.map(({ facts }) => facts.actions)).toEqual(["ram:UpdateRole"]);
    expect(found.routes.map(({ id }) => id)).toEqual(["ram-update-role-trust"]);
  });

  it("calls what nobody named the same in every request", () => {
    const found = explainPermissions([read(allow("*"))]);
    if (found.kind !== "permission") throw new Error(found.kind);
    const requests = [
      ...found.reasons,
      ...found.routes.flatMap((route) => route.requests.map((request) => ({ request }))),
    ];
    expect(requests.length).toBeGreaterThan(150);
    for (const { request } of requests) {
      if (request === undefined) throw new Error("no request");
      const name = request.resource?.split(/[:/]/).at(-1) ?? "";
      expect(["example", "*", "AdministratorAccess", "resourcedirectoryaccountaccessrole"]).toContain(name);
      expect(request.action).toMatch(/^[a-z-]+:[A-Z]/);
      expect(request.action).not.toMatch(/:Any$/);
      for (const value of Object.values(request.context)) expect(value).toMatch(/^[a-z]+\.aliyuncs\.com$/);
    }
  });

  it("nothing that matters, for certain", () => {
    const nothing = { kind: "permission", tiers: [], severity: undefined, exact: true, reasons: [], routes: [] };
    expect(explainPermissions([])).toEqual(nothing);
    expect(explainPermissions([read(allow("oss:GetObject"))])).toEqual(nothing);
  });

  it("is not certain where a document is not", () => {
    const flawed = read(allow("oss: GetObject"));
    expect(explainPermissions([flawed]).exact).toBe(false);
    expect(explainPermissions([flawed, read(allow("ram:UpdateRole"))])).toMatchObject({ exact: false });
  });
});

describe("whom trust documents let in", () => {
  it("in the order of the documents", () => {
    const found = explainTrust([read(trust("acs:ram::1:root")), read(trust("acs:ram::2:user/a"))], "1");
    expect(found).toMatchObject({
      kind: "trust",
      exact: true,
      letsIn: [
        { severity: "high", sentence: { en: "every RAM user and role of account `1` (this account)" } },
        { severity: "critical", sentence: { en: "RAM user `a` of account `2` (another account)" } },
      ],
    });
    expect(explainTrust([], undefined)).toEqual({ kind: "trust", exact: true, letsIn: [] });
  });

  it("is not certain where one of the documents is not", () => {
    const plain = read(trust("acs:ram::1:root"));
    const flawed = read({ ...trust("acs:ram::1:root"), Extra: 1 });
    expect(explainTrust([plain, plain], "1").exact).toBe(true);
    expect(explainTrust([plain, flawed], "1").exact).toBe(false);
    expect(explainTrust([flawed], "1").exact).toBe(false);
  });
});
