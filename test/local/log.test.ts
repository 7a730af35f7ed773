import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../shared/domain/json.ts";
import { redact, redactText } from "../../shared/domain/redact.ts";
import { openLog } from "../../shared/local/log.ts";
import { newId, systemClock } from "../../shared/local/system.ts";

const logged = (what: string, fields?: JsonObject): string => {
  const lines: string[] = [];
  const log = openLog({ sink: { write: (line) => void lines.push(line) } });
  log("info", what, fields);
  return lines.join("");
};

const hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const secrets: readonly string[] = [
  `https://oapi.dingtalk.com/robot/send?access_token=${hex}&timestamp=1&sign=abc%3D`,
  `https://open.feishu.cn/open-apis/bot/v2/hook/${hex}`,
  `https://user:${hex}@example.com/`,
  `access_token=${hex}`,
  `SEC${hex}`,
  `whsec_${hex}`,
  `STS.${hex}`,
  `CAIS${hex}${hex}==`,
  `Authorization: Bearer ${hex}`,
  `{"AccessKeySecret":"${hex}"}`,
  `{\\"SecurityToken\\":\\"${hex}\\"}`,
  `password: ${hex}`,
  `fetch failed: https://hooks.example.com/x?sig=${hex}#${hex}`,
];

describe("redaction", () => {
  test.each(secrets)("takes the secret out of %s", (text) => {
    expect(redactText(text)).not.toContain(hex);
    expect(logged(`failed: ${text}`)).not.toContain(hex);
    expect(logged("failed", { error: [{ cause: `because ${text}, sorry` }] })).not.toContain(hex);
  });

  test("takes out an AccessKey secret by its shape", () => {
    expect(redactText("got aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0 from it")).toBe("got [redacted] from it");
  });

  test.each([
    "password",
    "NewPassword",
    "accessKeySecret",
    "AccessKeySecret",
    "security-token",
    "securityToken",
    "Authorization",
    "webhook_url",
    "webhookUrl",
    "base32StringSeed",
    "secrets",
    "signature",
    "cookie",
  ])("takes out what is named %s, whatever it is", (name) => {
    expect(redact({ deep: [{ [name]: "hunter2" }] })).toEqual({ deep: [{ [name]: "[redacted]" }] });
    expect(redact({ [name]: { inner: ["hunter2"] } })).toEqual({ [name]: "[redacted]" });
  });

  test("leaves what people look for in a log", () => {
    const fields = {
      requestId: "7B1D5F0A-3C2E-5B4D-9F6A-1E2D3C4B5A69",
      accessKeyId: "LTAI5tExampleExampleExam",
      role: "acs:ram::123456789012:role/deploy",
      operation: "Ram.UpdateRole",
      eventId: "0e9f4b2a-0000-4c1d-8a5e-aaaaaaaaaaaa",
      count: 3,
      none: null,
      ok: true,
      host: "https://oapi.dingtalk.com/robot/send",
    };
    expect(redact(fields)).toEqual(fields);
  });

  test("keeps the form of any value, and taking out twice changes nothing more", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const once = redact(value as JsonObject);
        expect(redact(once)).toEqual(once);
      }),
    );
  });
});

test("an entry is one JSON line with level, time, text and fields", () => {
  const line = logged("plan made", { level: "spoofed", time: 0, msg: "x\ny" });
  expect(line.trimEnd().split("\n")).toHaveLength(1);
  expect(JSON.parse(line)).toMatchObject({
    level: "info",
    msg: "plan made",
    fields: { level: "spoofed", msg: "x\ny" },
  });
});

test("entries below the level are left out", () => {
  const lines: string[] = [];
  const log = openLog({ level: "warn", sink: { write: (line) => void lines.push(line) } });
  log("info", "quiet");
  log("error", "loud");
  expect(lines).toHaveLength(1);
});

test("ids sort by the time they were made and do not repeat", () => {
  const ids = Array.from({ length: 1000 }, newId);
  expect(new Set(ids).size).toBe(1000);
  expect([...ids].sort()).toEqual(ids);
  expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
});

test("the system clock sleeps at least as long as it was asked to", async () => {
  const before = systemClock.now();
  await systemClock.sleep(20);
  // Timers and the wall clock are rounded apart by a millisecond.
  expect(systemClock.now() - before).toBeGreaterThanOrEqual(18);
});
