import { afterEach, beforeEach, expect, test } from "vitest";
import { callerOf } from "../sandbox/client.ts";
import type { SandboxPlace } from "./sandbox-place.ts";
import { sandboxPlace } from "./sandbox-place.ts";
import { warden } from "./warden.ts";

let place: SandboxPlace;
beforeEach(async () => {
  place = await sandboxPlace();
});
afterEach(() => place.leave());

test("a chain is one line in the list, with its pieces on asking, and whole by its id", async () => {
  const call = callerOf(place.sandbox, place.sandbox.keyOf("mallory"));
  await call("Ram", "CreateUser", { UserName: "eve" });
  await call("Ims", "CreateLoginProfile", {
    UserPrincipalName: "eve@example.onaliyun.com",
    Password: "Aa1!aaaaaaaaaa",
  });
  await call("Ram", "AttachPolicyToUser", {
    PolicyType: "System",
    PolicyName: "AdministratorAccess",
    UserName: "eve",
  });
  await warden("sweep");
  const { out } = await warden("incidents");
  expect(out.trim().split("\n")).toHaveLength(1);
  expect(out).toMatch(
    /^[0-9a-f-]{36} {2}\S+ {2}critical {2}contained +user eve, 3 changes by user mallory {2}\[RAM\.BackdoorAdministrator\]\n$/,
  );
  const id = out.slice(0, 36);
  const all = await warden("incidents", "--all");
  expect(all.out.trim().split("\n").length).toBeGreaterThan(3);
  expect(JSON.parse((await warden("incidents", "--json")).out)).toMatchObject([{ id, pieces: [{}, {}, {}] }]);
  const one = await warden("incidents", id);
  expect(one.out).toContain("Back-door administrator");
  expect(one.out.match(/^ {2}Piece /gm)).toHaveLength(3);
  expect(one.out).toMatch(/undo [0-9a-f-]{36}/);
});
