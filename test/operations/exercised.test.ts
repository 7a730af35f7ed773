import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { catalogue } from "../../shared/operations/catalogue.ts";

/** Tests that look at one part by itself, at all operations at once, or at a trap: none of them plays an operation's own case. */
const others = /^(catalogue|exercised|model|remedies|session-policy|gotchas.*|.*-entries)\.test\.ts$/;

const cases: readonly string[] = readdirSync(new URL(".", import.meta.url))
  .filter((name) => name.endsWith(".test.ts") && !others.test(name))
  .map((name) => readFileSync(new URL(name, import.meta.url), "utf8").replaceAll(/\s+/g, " "));

/** The ways in which the cases of `test/operations` make a call: by name, by the helper of a service, or by the SDK. */
const formsOf = (service: string, operation: string): readonly RegExp[] => {
  const short = { Ram: "ram", Ims: "ims", ResourceManager: "rm", Sts: "sts" }[service] ?? "none";
  const method = `${operation.slice(0, 1).toLowerCase()}${operation.slice(1)}`;
  return [
    new RegExp(`"${service}", "${operation}"`),
    new RegExp(`\\b${short}\\( ?"${operation}"`),
    ...(service === "Ram" || service === "ResourceManager" ? [new RegExp(`\\(service, "${operation}"`)] : []),
    ...(service === "Ram" ? [new RegExp(`\\(\\)\\.${method}\\(`)] : []),
    ...(service === "Ram" || service === "ResourceManager"
      ? [new RegExp(`\\["${operation}", .{0,200}${service === "Ram" ? "" : "ResourceManager"}`)]
      : []),
  ];
};

it("each of the 137 operations is played from its write to its end in a case of its own", () => {
  const missing = catalogue.filter((id) => {
    const [service = "", operation = ""] = id.split(".");
    return !cases.some((text) => formsOf(service, operation).some((form) => form.test(text)));
  });
  expect(catalogue).toHaveLength(137);
  expect(missing).toEqual([]);
});
