import type { Reply } from "../../../sandbox/index.ts";
import type { Outgoing } from "../../../shared/aliyun/transport.ts";
import { subjectKey } from "../../../shared/domain/kinds.ts";
import type { Incident } from "../../../shared/ledger/incident.ts";
import { accountId } from "../../support/guarded-account.ts";
import type { MemoryStateStore } from "../../support/memory-state-store.ts";

/** Something that must never be, with the moment at which it was. */
export type Violation = { readonly invariant: Invariant; readonly at: number; readonly what: string };

export const invariants = [
  "no event unaccounted for",
  "no write without a prior intent",
  "no write outside the plan",
  "no two live writers on one subject",
  "one remediation for each incident",
  "what breaks a rule is ended or told with a reason",
  "what was told as put back stands so",
  "few incidents for each event",
  "each incident is told",
  "told twice only where marked",
  "nothing that was not judged is touched",
  "nothing is left open",
  "only what breaks no rule is accepted",
  "ledger chain valid",
  "the simulation ends",
] as const;

export type Invariant = (typeof invariants)[number];

/** A write of ours that reached the cloud and took effect. */
export type WriteSeen = { readonly incidentId: string; readonly operation: string; readonly at: number };

/** Whether the process that sends a request made this id. */
export type IsOwn = (id: string) => boolean;

export type Watch = {
  readonly violations: Violation[];
  readonly writes: WriteSeen[];
  /** Sees a request at the moment that it reaches the cloud. */
  readonly request: (request: Outgoing, answer: () => Reply, wroteNow: () => boolean, isOwn: IsOwn) => Reply;
};

const sameParameters = (a: Outgoing["parameters"], b: { readonly [name: string]: unknown }): boolean => {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => String(a[name] ?? "") === String(b[name] ?? ""));
};

/** Looks at each write at the very moment that it takes effect, and at the ledger as it is then. */
export const watchWrites = (store: MemoryStateStore, now: () => number): Watch => {
  const sessions = new Map<string, string>();
  const violations: Violation[] = [];
  const writes: WriteSeen[] = [];
  const say = (invariant: Invariant, what: string): void => void violations.push({ invariant, at: now(), what });
  const incidentOf = (id: string): Incident | undefined =>
    store.peek(`incident/${accountId}/${id}`)?.value as unknown as Incident | undefined;

  const check = (request: Outgoing, incidentId: string, isOwn: IsOwn): void => {
    const name = `${request.service}.${request.operation}`;
    const incident = incidentOf(incidentId);
    if (incident?.remediation === undefined) {
      say("no write without a prior intent", `${name} of ${incidentId}, of which the ledger knows nothing`);
      return;
    }
    const announced = incident.callsMade.some(
      ({ call, effect }) => effect === "unknown" && `${call.service}.${call.operation}` === name,
    );
    if (incident.status !== "writing" || !announced)
      say("no write without a prior intent", `${name} of ${incidentId}, which is ${incident.status}`);
    const isPlanned = incident.remediation.calls.some(
      ({ service, operation, parameters }) =>
        `${service}.${operation}` === name && sameParameters(request.parameters, parameters),
    );
    if (!isPlanned) say("no write outside the plan", `${name} of ${incidentId}`);
    const lease = store.peek(`lease/${accountId}/${subjectKey(incident.subject)}`)?.value as
      | { readonly incidentId: string; readonly until: number }
      | undefined;
    // Who goes on with what another left half done holds the lease in the name of an incident of its own.
    if (lease === undefined || !isOwn(lease.incidentId) || lease.until <= now())
      say("no two live writers on one subject", `${name} of ${incidentId} without the lease`);
  };

  return {
    violations,
    writes,
    request: (request, answer, wroteNow, isOwn) => {
      const incidentId = sessions.get(request.credentials.accessKeyId);
      if (incidentId !== undefined) check(request, incidentId, isOwn);
      const reply = answer();
      if (incidentId !== undefined && wroteNow())
        writes.push({ incidentId, operation: `${request.service}.${request.operation}`, at: now() });
      if (request.operation === "AssumeRole" && reply.kind === "answer" && reply.status === 200 && reply.body !== "") {
        const { Credentials } = JSON.parse(reply.body) as { Credentials: { AccessKeyId: string } };
        const session = String(request.parameters.RoleSessionName);
        sessions.set(Credentials.AccessKeyId, session.slice("warden-".length));
      }
      return reply;
    },
  };
};
