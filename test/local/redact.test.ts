import { describe, expect, it } from "vitest";
import { hidden, redact, redactForeign } from "../../shared/domain/redact.ts";

const secrets = {
  QRCodePng: "iVBORw0KGgoAAAANSUhEUg",
  AuthenticationCode1: "123456",
  authenticationCode2: "654321",
  SAMLAssertion: "PHNhbWxwOlJlc3BvbnNl",
  Base32StringSeed: "JBSWY3DPEHPK3PXP",
};

describe("what proves to be somebody", () => {
  it("is hidden by its name", () => {
    expect(redact(secrets)).toEqual(Object.fromEntries(Object.keys(secrets).map((name) => [name, hidden])));
  });

  it("is hidden in a text that is no JSON", () => {
    for (const [name, value] of Object.entries(secrets))
      for (const text of [`{"${name}":"${value}", cut`, `${name}=${value}`])
        expect(redactForeign(text)).not.toContain(value);
  });
});
