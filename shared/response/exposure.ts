import { isJsonObject, type Json, type JsonObject } from "../domain/json.ts";
import type { Outcome } from "../domain/plan.ts";
import type { SubjectRef } from "../domain/subject.ts";
import type { Exposure, Incident, SessionSeen } from "../ledger/incident.ts";
import type { World } from "../ports/world.ts";

/** The longest session that RAM lets any role give, seconds; STS gives one hour to who does not ask for more. */
const longestSessionSeconds = 43_200;
const usualSessionSeconds = 3_600;
/** 50 events a page: a window that holds more than 200 calls of STS is not read to its end. */
const mostPages = 4;
const sessionsKept = 20;

/** The role whose sessions outlive a write on the subject (`ram-api.md` §9.39); undefined for any other subject. */
const roleOf = (subject: SubjectRef): string | undefined => {
  if (subject.kind === "role-trust") return subject.roleName;
  return subject.kind === "grant" && subject.principal.kind === "role" ? subject.principal.name : undefined;
};

const textAt = (from: JsonObject | undefined, name: string): string | undefined => {
  const value = from?.[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
};

const objectAt = (from: JsonObject, name: string): JsonObject | undefined => {
  const value = from[name];
  return isJsonObject(value) ? value : undefined;
};

/** A successful AssumeRole of the role, by whichever of the three operations, as the audit trail tells it. */
const sessionOf = (event: Json, roleName: string): SessionSeen | undefined => {
  if (!isJsonObject(event) || !textAt(event, "eventName")?.startsWith("AssumeRole")) return undefined;
  if ((textAt(event, "errorCode") ?? "") !== "") return undefined;
  const request = objectAt(event, "requestParameters");
  const role = textAt(request, "RoleArn")?.split(":role/")[1];
  if (role?.toLowerCase() !== roleName.toLowerCase()) return undefined;
  const at = Date.parse(textAt(event, "eventTime") ?? "");
  if (!Number.isFinite(at)) return undefined;
  const seconds = Number(textAt(request, "DurationSeconds") ?? usualSessionSeconds);
  const identity = objectAt(event, "userIdentity");
  const who = textAt(identity, "userName") ?? textAt(identity, "principalId") ?? textAt(identity, "type") ?? "unknown";
  const from = textAt(event, "sourceIpAddress");
  return {
    at,
    who,
    ...(from === undefined ? {} : { from }),
    until: at + Math.min(Number.isFinite(seconds) ? seconds : usualSessionSeconds, longestSessionSeconds) * 1000,
  };
};

/**
 * What a write does not end: sessions of the role that were opened between the change and now. The audit trail lags by
 * minutes, so what it does not show yet is bounded by the longest session that the role may give.
 */
export const exposureOf = async (
  world: Pick<World, "trail" | "clock">,
  incident: Incident,
  outcome: Outcome,
): Promise<Exposure | undefined> => {
  const roleName = roleOf(incident.subject);
  const changedAt = incident.events[0]?.occurredAt;
  if (roleName === undefined || changedAt === undefined || incident.remediation === undefined) return undefined;
  if (outcome.kind !== "reverted" && outcome.kind !== "contained") return undefined;
  // What a trust policy lost lets nobody new in, and so does a grant that is given back.
  if (incident.after?.kind === "gone") return undefined;
  const now = world.clock.now();
  const sessions: SessionSeen[] = [];
  let whole = true;
  let token: string | undefined;
  for (let page = 1; ; page += 1) {
    const read = await world.trail({ from: changedAt, to: now, service: "Sts" }, token);
    if (!read.ok) {
      whole = false;
      break;
    }
    sessions.push(...read.value.events.flatMap((event) => sessionOf(event, roleName) ?? []));
    token = read.value.nextToken;
    if (token === undefined) break;
    if (page === mostPages) {
      whole = false;
      break;
    }
  }
  const longest = incident.after?.kind === "role-trust" ? incident.after.maxSessionSeconds : longestSessionSeconds;
  return {
    role: roleName,
    seen: sessions.length,
    sessions: sessions.slice(0, sessionsKept),
    whole,
    // Whoever got in just before the write has the longest to go.
    until: now + longest * 1000,
  };
};
