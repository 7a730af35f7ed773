import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startSandbox } from "../../sandbox/index.ts";
import type { SandboxPlace } from "./sandbox-place.ts";
import { sandboxPlace } from "./sandbox-place.ts";
import { warden } from "./warden.ts";

let place: SandboxPlace;
beforeEach(async () => {
  place = await sandboxPlace();
});
afterEach(() => place.leave());

test("the account of the sandbox of this folder is written as it stands, to a file that a sandbox begins with", async () => {
  expect((await warden("call", "Ram.CreateUser", "UserName=bob")).code).toBe(0);
  expect(await warden("snapshot", "account.json")).toMatchObject({ code: 0, out: "" });
  const account = JSON.parse(readFileSync("account.json", "utf8")) as Parameters<typeof startSandbox>[0];
  expect(account).toMatchObject({ users: expect.arrayContaining([expect.objectContaining({ userName: "bob" })]) });
  expect(readFileSync("account.json", "utf8")).not.toContain(place.sandbox.administrator.accessKeySecret);
  const again = await startSandbox({ snapshot: account as NonNullable<typeof account>["snapshot"] & object });
  try {
    expect(again.dump().users?.map(({ userName }) => userName)).toContain("bob");
  } finally {
    await again.stop();
  }
});

test("to stdout, or of the sandbox of an address", async () => {
  const { code, out } = await warden("snapshot", "--url", `${place.sandbox.url}/snapshot`);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ version: 1, accountId: place.sandbox.accountId });
});

test.each<[number, ...string[]]>([
  [2, "--url", "http://example.com/snapshot"],
  [2, "--url", "nonsense"],
  [2, "/nodir/account.json"],
  [3, "--url", "http://127.0.0.1:1/snapshot"],
])("ends with %s for %s", async (code, ...args) => {
  const ran = await warden("snapshot", ...args);
  expect({ code: ran.code, out: ran.out }).toEqual({ code, out: "" });
  expect(ran.err).not.toMatch(/^\s+at /m);
});
