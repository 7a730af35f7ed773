import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change, Provenance } from "../../shared/domain/change.ts";
import type { Response } from "../../shared/domain/finding.ts";
import type { JsonObject } from "../../shared/domain/json.ts";
import type { Remediation } from "../../shared/domain/plan.ts";
import { remediationFor } from "../../shared/planning/remediation-for.ts";
import { masksDirection } from "../../shared/policy/network-masks.ts";

const accountId = "1234567890123456";

type Given = {
  readonly was: JsonObject;
  readonly now: JsonObject;
  readonly claimed?: JsonObject;
  readonly provenance?: Provenance;
  readonly asked?: Response;
};

const planned = (
  kind: "security-preference" | "password-policy",
  { was, now, claimed, provenance, asked }: Given,
): ReturnType<typeof remediationFor> =>
  remediationFor(
    {
      kind,
      subject: { kind, accountId, route: "Ram" },
      before: { known: true, state: { kind, fields: was }, provenance: provenance ?? "baseline" },
      after: { kind, fields: now },
      actor: undefined,
      ...(claimed === undefined ? {} : { claimed: { kind, fields: claimed } }),
    } as Change,
    asked ?? "revert",
  );

const fieldsOf = ({ becomes }: Remediation): JsonObject => (becomes as { readonly fields: JsonObject }).fields;

const preferences = fc.record({
  AllowUserToManageAccessKeys: fc.boolean(),
  AllowUserToManageMFADevices: fc.boolean(),
  EnableSaveMFATicket: fc.boolean(),
  LoginNetworkMasks: fc.constantFrom("", "10.0.0.0/8", "10.1.0.0/16", "10.1.0.0/16;192.168.0.1", "172.16.0.0/12"),
  LoginSessionDuration: fc.integer({ min: 1, max: 24 }),
  MFAOperationForLogin: fc.constantFrom("independent", "adaptive", "mandatory"),
  VerificationTypes: fc.subarray(["email", "sms"]),
  FieldOfTomorrow: fc.constantFrom("a", "b"),
});

/** Which of two values protects more, told without the code that is tested; 0 for neither, undefined for nobody knows. */
const protection = (name: string, from: unknown, to: unknown): number | undefined => {
  if (typeof from === "boolean") return Number(from) - Number(to);
  if (name === "LoginSessionDuration") return Number(from) - Number(to);
  if (name === "MFAOperationForLogin") {
    const words = ["independent", "adaptive", "mandatory"];
    return words.indexOf(String(to)) - words.indexOf(String(from));
  }
  if (name === "VerificationTypes") return 0;
  if (name !== "LoginNetworkMasks") return undefined;
  const inside = (mask: unknown): readonly boolean[] =>
    ["10.1.2.3", "10.2.2.2", "192.168.0.1", "172.16.0.9", "8.8.8.8"].map(
      (address) =>
        ({
          "": true,
          "10.0.0.0/8": address.startsWith("10."),
          "10.1.0.0/16": address.startsWith("10.1."),
          "10.1.0.0/16;192.168.0.1": address.startsWith("10.1.") || address === "192.168.0.1",
          "172.16.0.0/12": address.startsWith("172."),
        })[String(mask)] === true,
    );
  const [old, next] = [inside(from), inside(to)];
  const loses = old.some((was, index) => was && next[index] !== true);
  const gains = next.some((is, index) => is && old[index] !== true);
  if (loses && gains) return undefined;
  return Number(loses) - Number(gains);
};

describe("a setting that is put back", () => {
  it("is sent whole, fields that nobody knows too, with all that it does not put back as it stands (gotchas 1, 11)", () => {
    fc.assert(
      fc.property(preferences, preferences, fc.constantFrom<Response>("revert", "ask"), (was, now, asked) => {
        const plan = planned("security-preference", { was, now, asked });
        if (!plan.ok) {
          expect(now).toEqual(was);
          return;
        }
        const { remediation } = plan.value;
        const becomes = fieldsOf(remediation);
        expect(remediation.calls).toHaveLength(1);
        const sent = remediation.calls[0].parameters;
        expect(Object.keys(sent).sort()).toEqual(Object.keys(now).sort());
        for (const [name, value] of Object.entries(becomes)) {
          expect(sent[name]).toEqual(Array.isArray(value) ? JSON.stringify(value) : value);
          expect([was[name as keyof typeof was], now[name as keyof typeof now]]).toContainEqual(value);
        }
        // A person gets all of what was.
        if (plan.value.response === "ask") expect(becomes).toEqual(was);
      }),
      { numRuns: 500 },
    );
  });

  it("never protects less without a person, and leaves nothing open that can be closed", () => {
    fc.assert(
      fc.property(preferences, preferences, (was, now) => {
        const plan = planned("security-preference", { was, now });
        if (!plan.ok || plan.value.response === "ask") return;
        const becomes = fieldsOf(plan.value.remediation);
        for (const name of Object.keys(now) as readonly (keyof typeof now)[]) {
          const moved = protection(name, now[name], becomes[name]);
          if (becomes[name] !== now[name]) expect([name, moved]).toEqual([name, Math.max(0, moved ?? -1)]);
          if ((protection(name, now[name], was[name]) ?? 0) > 0) expect(becomes[name]).toEqual(was[name]);
        }
        const all = JSON.stringify(Object.entries(becomes).sort()) === JSON.stringify(Object.entries(was).sort());
        expect([plan.value.response, plan.value.because?.kind]).toEqual(
          all ? ["revert", undefined] : ["contain", "weakens-protection"],
        );
      }),
      { numRuns: 500 },
    );
  });

  it("puts back only what its own event changed, and waits for a person where somebody changed it since", () => {
    fc.assert(
      fc.property(preferences, preferences, preferences, (was, claimed, now) => {
        const plan = planned("security-preference", { was, claimed, now });
        if (!plan.ok) return;
        const becomes = fieldsOf(plan.value.remediation);
        for (const name of Object.keys(now) as readonly (keyof typeof now)[]) {
          const itsOwn = JSON.stringify(claimed[name]) !== JSON.stringify(was[name]);
          const untouched = JSON.stringify(claimed[name]) === JSON.stringify(now[name]);
          if (!itsOwn || !untouched) expect(becomes[name]).toEqual(now[name]);
        }
        if (JSON.stringify(claimed) !== JSON.stringify(now))
          expect([plan.value.response, plan.value.because?.kind]).toEqual(["ask", "changed-again"]);
      }),
      { numRuns: 500 },
    );
  });

  it("does not bring back a logon mask that is not known to be recent (gotcha 2)", () => {
    const was = { LoginNetworkMasks: "10.0.0.0/8", MFAOperationForLogin: "mandatory" };
    const now = { LoginNetworkMasks: "", MFAOperationForLogin: "independent" };
    const of = (given: Partial<Given>) => planned("security-preference", { was, now, ...given });
    expect(of({ provenance: "history" })).toMatchObject({
      ok: true,
      value: { response: "ask", because: { kind: "disrupts-logon" }, remediation: { becomes: { fields: was } } },
    });
    expect(of({ provenance: "history", now: { ...was, MFAOperationForLogin: "independent" } })).toMatchObject({
      value: { response: "revert" },
    });
    for (const provenance of ["baseline", "undo"] as const)
      expect(of({ provenance })).toMatchObject({
        value: { response: "revert", remediation: { becomes: { fields: was } } },
      });
  });

  it("sends the old name of the second factor's setting only where there is no new one", () => {
    const send = (fields: JsonObject) => {
      const plan = planned("security-preference", { was: fields, now: { ...fields, EnableSaveMFATicket: true } });
      return plan.ok ? Object.keys(plan.value.remediation.calls[0].parameters) : [];
    };
    const old = { EnforceMFAForLogin: true, EnableSaveMFATicket: false };
    expect(send(old)).toContain("EnforceMFAForLogin");
    expect(send({ ...old, MFAOperationForLogin: "mandatory" })).not.toContain("EnforceMFAForLogin");
  });
});

describe("a password policy", () => {
  const was = {
    HardExpire: true,
    InitialPasswordAge: 7,
    MaxLoginAttemps: 5,
    MaxPasswordAge: 90,
    MinimumPasswordLength: 14,
    PasswordReusePrevention: 5,
  };

  it.each([
    ["HardExpire", false, true],
    ["InitialPasswordAge", 0, true],
    ["InitialPasswordAge", 3, false],
    ["MaxLoginAttemps", 0, true],
    ["MaxLoginAttemps", 30, true],
    ["MaxLoginAttemps", 3, false],
    ["MaxPasswordAge", 0, true],
    ["MaxPasswordAge", 30, false],
    ["MinimumPasswordLength", 8, true],
    ["MinimumPasswordLength", 20, false],
    ["PasswordReusePrevention", 0, true],
    ["FieldOfTomorrow", 1, false],
  ] as const)("with %s at %o is put back at once: %o", (name, value, atOnce) => {
    const whole: JsonObject = { FieldOfTomorrow: 0, ...was };
    const plan = planned("password-policy", { was: whole, now: { ...whole, [name]: value } });
    expect(plan).toMatchObject({ ok: true, value: { response: atOnce ? "revert" : "ask" } });
    if (plan.ok)
      expect(plan.value.remediation.calls).toMatchObject([{ service: "Ims", operation: "SetPasswordPolicy" }]);
  });
});

describe("logon masks", () => {
  it.each([
    ["", "10.0.0.0/8", "stricter"],
    ["10.0.0.0/8", "", "looser"],
    ["10.0.0.0/8", "10.1.2.3", "stricter"],
    ["10.0.0.0/9;10.128.0.0/9", "10.0.0.0/8", "neutral"],
    ["10.0.0.0/8,192.168.0.0/16", "192.168.0.0/16 10.0.0.0/8", "neutral"],
    ["10.0.0.0/8", "192.168.0.0/16", "unsure"],
    ["10.0.0.0/8", "corp", "unsure"],
    ["corp", "", "unsure"],
    ["0.0.0.0/0", "", "looser"],
    ["2001:db8::/32", "2001:db8:1::/48", "stricter"],
  ] as const)("from `%s` to `%s` are %s", (from, to, direction) => {
    expect(masksDirection(from, to)).toBe(direction);
  });

  it("move the other way when they are turned about", () => {
    const block = fc
      .tuple(fc.nat(255), fc.nat(255), fc.integer({ min: 8, max: 16 }))
      .map(([a, b, c]) => `${a}.${b}.0.0/${c}`);
    const masks = fc.array(block, { maxLength: 3 }).map((blocks) => blocks.join(";"));
    const turned = { stricter: "looser", looser: "stricter", neutral: "neutral", unsure: "unsure" } as const;
    fc.assert(
      fc.property(masks, masks, (from, to) => {
        expect(masksDirection(to, from)).toBe(turned[masksDirection(from, to)]);
        expect(masksDirection(from, from)).toBe("neutral");
      }),
      { numRuns: 500 },
    );
  });
});
