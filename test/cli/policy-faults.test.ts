import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Folder } from "./warden.ts";
import { newFolder, warden } from "./warden.ts";

// A fault of ours, wherever it is: what matters is how the command ends.
const { fault } = vi.hoisted(() => ({
  fault: (): never => {
    throw new RangeError("a fault of ours");
  },
}));
vi.mock("../../shared/policy/compare.ts", async (original) => ({
  ...(await original<object>()),
  compareDocuments: fault,
}));
vi.mock("../../shared/policy/explain.ts", async (original) => ({
  ...(await original<object>()),
  explainPermissions: fault,
}));

let folder: Folder;
beforeAll(() => {
  folder = newFolder();
});
afterAll(() => folder.remove());

test.each(["compare", "explain"])("policy %s that ends in a fault says so in a line, with 3", async (command) => {
  const document = folder.file("one.json", {
    Version: "1",
    Statement: [{ Effect: "Allow", Action: "oss:*", Resource: "*" }],
  });
  const { code, out, err } = await warden("policy", command, document, ...(command === "compare" ? [document] : []));
  expect({ code, out }).toEqual({ code: 3, out: "" });
  expect(err).toContain("unexpected: a fault of ours");
  expect(err).not.toMatch(/^\s+at /m);
});
