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

test("what is told while writing is off is named when it is on again, and nothing else", async () => {
  const attach = (PolicyName: string, UserName: string) =>
    callerOf(place.sandbox, place.sandbox.keyOf("mallory"))("Ram", "AttachPolicyToUser", {
      PolicyType: "System",
      PolicyName,
      UserName,
    });
  const replay = () => warden("replay", place.folder.file("trail.json", place.sandbox.trail));
  await attach("AdministratorAccess", "alice");
  await replay();
  expect(await warden("stop", "--because", "a drill")).toMatchObject({ code: 0 });
  await attach("AliyunRAMFullAccess", "alice");
  await replay();
  const [, left] = await place.incidents();
  const resumed = await warden("resume", "--json");
  expect(JSON.parse(resumed.out)).toEqual({ wasOff: true, left: [left?.id] });
  await warden("stop", "--because", "another drill");
  const { out } = await warden("resume");
  expect(out).toBe("writing is on again\n");
  expect((await warden("resume")).out).toBe("writing was not off\n");
});
