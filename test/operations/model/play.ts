import { actingIn, worldOf } from "../../../functions/wire.ts";
import { type SandboxInProcess, type Snapshot, sandboxInProcess } from "../../../sandbox/index.ts";
import type { Credentials, TransportOptions } from "../../../shared/aliyun/transport.ts";
import { decideQuestion } from "../../../shared/ask-anew.ts";
import { formerRef, subjectKey } from "../../../shared/domain/kinds.ts";
import type { SubjectRef } from "../../../shared/domain/subject.ts";
import { takeIn } from "../../../shared/intake/take-in.ts";
import { keepState } from "../../../shared/ledger/baselines.ts";
import type { Incident } from "../../../shared/ledger/incident.ts";
import { type Ledger, openLedger } from "../../../shared/ledger/ledger.ts";
import type { CataloguedId } from "../../../shared/operations/catalogue.ts";
import { handlePayload } from "../../../shared/pipeline.ts";
import type { World } from "../../../shared/ports/world.ts";
import { type ManualClock, manualClock } from "../../ports/manual-clock.ts";
import { answerOf, requestOf } from "../../scenarios/simulation/wire.ts";
import { accountId } from "../../support/guarded-account.ts";
import { type MemoryStateStore, memoryStateStore } from "../../support/memory-state-store.ts";
import { accountFrom } from "./account.ts";
import type { Draw } from "./draw.ts";
import { config } from "./settings.ts";
import { type Params, writerOf } from "./writes.ts";

type TrailRecord = { readonly eventId: string; readonly eventName: string; readonly [name: string]: unknown };

/** A write that the account allowed, with the event that tells of it. */
export type Attack = {
  readonly operation: CataloguedId;
  readonly parameters: Params;
  readonly event: TrailRecord;
  readonly subjects: readonly SubjectRef[];
};

export type Approval = { readonly incidentId: string; readonly refused?: string };

/** One account from before the writes until nothing more comes of them. */
export type Played = {
  readonly attacks: readonly Attack[];
  readonly before: Snapshot;
  readonly changed: Snapshot;
  /** After each of the writes. */
  readonly steps: readonly Snapshot[];
  /** When all events are dealt with, before anybody decided anything. */
  readonly settled: Snapshot;
  readonly after: Snapshot;
  readonly beforeCloud: SandboxInProcess;
  readonly sandbox: SandboxInProcess;
  readonly store: MemoryStateStore;
  readonly ledger: Ledger;
  readonly clock: ManualClock;
  readonly approvals: readonly Approval[];
  readonly incidents: () => Promise<readonly Incident[]>;
  readonly read: (which: "before" | "after", subject: SubjectRef) => ReturnType<World["read"]>;
  /** Everything that happened, told once more, by another route and in another order. */
  readonly again: () => Promise<void>;
  /** The lines that the console showed. */
  readonly told: readonly string[];
};

const versions = { Ram: "2015-05-01", Ims: "2019-08-15", ResourceManager: "2020-03-31", Sts: "2015-04-01" } as const;
const start = Date.UTC(2026, 10, 22);
const host = "127.0.0.1";

const reachOf = (sandbox: SandboxInProcess, clock: ManualClock, draw: () => number): TransportOptions => ({
  credentials: sandbox.sessionOf("ram-warden-looking", "model"),
  clock,
  region: config.region,
  protocol: "http",
  endpoint: host,
  random: draw,
  sender: async (request) => answerOf(sandbox.answer(requestOf(request, clock.now(), `n-${draw()}`))),
});

/** A row of numbers below 1, for nonces alone: nothing depends on them. */
const counting = (): (() => number) => {
  let count = 0;
  return () => {
    count += 1;
    return (count % 1e6) / 1e6;
  };
};

const isWrite = ({ eventRW, errorCode, serviceName }: TrailRecord): boolean =>
  eventRW === "Write" && errorCode === undefined && serviceName !== "Sts";

/** What each route puts around a record. */
const envelopes: readonly ((event: TrailRecord) => unknown)[] = [
  (event) => event,
  (event) => [event],
  (event) => ({ specversion: "1.0", id: event.eventId, aliyunaccountid: accountId, data: event }),
];

/** More deliveries than any story takes: one that goes on beyond them never ends. */
const mostDeliveries = 400;

/** How writes are asked for: the first by its name, the others as it comes. */
export type Wanted = { readonly operations: readonly CataloguedId[]; readonly dropResponseElements?: boolean };

/**
 * Plays writes in an account by chance, delivers what the audit trail tells of them late, twice and in any order, and
 * approves what waits for a person. Undefined where the account allows none of the writes.
 */
export const play = async (draw: Draw, { operations, ...options }: Wanted): Promise<Played | undefined> => {
  const clock = manualClock(start);
  const nonce = counting();
  const shared = { clock, dateWindowMs: Number.POSITIVE_INFINITY };
  const sandbox = sandboxInProcess({ ...shared, ...options, seed: 5, snapshot: accountFrom(draw) });
  const before = sandbox.dump({ secrets: true });
  const beforeCloud = sandboxInProcess({ ...shared, seed: 6, snapshot: before });
  const store = memoryStateStore(clock);
  const ledger = openLedger(store, clock, accountId);
  const told: string[] = [];
  let made = 0;
  const newId = (): string => {
    made += 1;
    return `00000000-0000-7000-8000-${String(made).padStart(12, "0")}`;
  };
  const worldWith = (reach: TransportOptions, act?: World["act"]): World => ({
    ...worldOf({
      config,
      credentials: reach.credentials,
      state: store,
      log: () => undefined,
      clock,
      reach,
      write: (line) => void told.push(line),
      ...(act === undefined ? {} : { act: () => act }),
    }),
    newId,
  });
  const looking = (of: SandboxInProcess = sandbox): World => worldWith(reachOf(of, clock, nonce));

  const mallory = sandbox.keyOf("mallory");
  const attacks: Attack[] = [];
  const steps: Snapshot[] = [];
  clock.advance(60_000);
  for (const operation of operations) {
    const parameters = writerOf(operation)(sandbox.dump(), draw, clock.now());
    if (parameters === undefined) continue;
    const seen = sandbox.trail.length;
    if (!call(sandbox, mallory, operation, parameters, clock.now(), nonce)) continue;
    const event = sandbox.trail.slice(seen)[0] as TrailRecord;
    attacks.push({ operation, parameters, event, subjects: subjectsOf(event) });
    steps.push(sandbox.dump({ secrets: true }));
    clock.advance(draw.pick([0, 300, 1_500, 61_000]));
  }
  if (attacks.length === 0) return undefined;

  // Whether the account was seen before: as a whole, not at all, or here and there.
  const seen = draw.pick(["all", "all", "none", "some"] as const);
  const then = { ...looking(beforeCloud), state: store };
  for (const subject of new Map(
    attacks.flatMap(({ subjects }) => subjects.map((one) => [subjectKey(one), one])),
  ).values())
    if (seen === "all" || (seen === "some" && draw.flag())) await remember(then, subject);
  const changed = sandbox.dump({ secrets: true });

  let published = 0;
  const pending: { readonly event: TrailRecord; readonly tries: number }[] = [];
  const publish = (): void => {
    const events = (sandbox.trail as readonly TrailRecord[]).slice(published);
    published = sandbox.trail.length;
    for (const event of events.filter(isWrite))
      for (let times = draw.pick([1, 1, 2, 3]); times > 0; times -= 1) pending.push({ event, tries: 0 });
  };
  const deliver = async (event: TrailRecord): Promise<boolean> => {
    const { deferred } = await handlePayload(looking(), config, JSON.stringify(draw.pick(envelopes)(event)));
    return deferred.length === 0;
  };
  const settle = async (): Promise<void> => {
    publish();
    for (let count = 0; pending.length > 0; count += 1) {
      if (count > mostDeliveries) throw new Error("the deliveries never end");
      clock.advance(draw.pick([0, 100, 2_000, 30_000, 600_000]));
      const [next] = pending.splice(draw.int(0, pending.length - 1), 1);
      if (next === undefined) break;
      if (!(await deliver(next.event))) {
        clock.advance(60_000);
        pending.push({ event: next.event, tries: next.tries + 1 });
      }
      publish();
    }
  };
  await settle();
  const settled = sandbox.dump({ secrets: true });

  const incidents = async (): Promise<readonly Incident[]> =>
    (await ledger.incidents()).filter(({ abandoned }) => abandoned === undefined).reverse();
  const approvals: Approval[] = [];
  const approver = { kind: "user", accountId, name: "administrator" } as const;
  const approve = async (incidentId: string): Promise<boolean> => {
    const reach = { ...reachOf(sandbox, clock, nonce), credentials: sandbox.keyOf("administrator") };
    const world = { ...looking(), act: actingIn(reach, accountId, "ram-warden-approving") };
    const done = await decideQuestion(world, config, ledger, incidentId, "approve", approver);
    const at = approvals.findIndex((one) => one.incidentId === incidentId);
    if (at !== -1) approvals.splice(at, 1);
    approvals.push({ incidentId, ...(done.ok ? {} : { refused: `${done.error.kind}: ${done.error.because}` }) });
    await settle();
    return done.ok;
  };
  // What was refused is asked for again once something else was granted: it may have stood in the way.
  let tried = new Set<string>();
  for (;;) {
    const waiting = (await incidents()).filter(
      ({ id, outcome, decided }) => outcome?.kind === "asked" && decided === undefined && !tried.has(id),
    );
    const next = draw.any(waiting);
    if (next === undefined) break;
    tried = (await approve(next.id)) ? new Set() : tried.add(next.id);
  }
  return {
    attacks,
    before,
    changed,
    steps,
    settled,
    after: sandbox.dump({ secrets: true }),
    beforeCloud,
    sandbox,
    store,
    ledger,
    clock,
    approvals,
    incidents,
    told,
    read: (which, subject) => looking(which === "before" ? beforeCloud : sandbox).read(subject),
    again: async () => {
      clock.advance(3_600_000);
      const all = [...(sandbox.trail as readonly TrailRecord[])].filter(isWrite);
      while (all.length > 0) await deliver(all.splice(draw.int(0, all.length - 1), 1)[0] as TrailRecord);
    },
  };
};

/** Whether the sandbox did what somebody asked for. */
const call = (
  sandbox: SandboxInProcess,
  credentials: Credentials,
  id: CataloguedId,
  parameters: Params,
  at: number,
  nonce: () => number,
): boolean => {
  const [service, operation = ""] = id.split(".") as [keyof typeof versions, string];
  const request = {
    service,
    operation,
    version: versions[service],
    host,
    parameters: parameters as Readonly<Record<string, string>>,
    credentials,
    timeoutMs: 1,
  };
  const reply = sandbox.answer(requestOf(request, at, `act-${nonce()}`));
  return reply.kind === "answer" && reply.status === 200;
};

const subjectsOf = (event: TrailRecord): readonly SubjectRef[] => takeIn(event).events.map(({ subject }) => subject);

/** Takes a subject as it stood before the writes, under the name that it had then. */
const remember = async (world: World, subject: SubjectRef): Promise<void> => {
  const ref = formerRef(subject) ?? subject;
  const found = await world.read(ref);
  if (found.ok) await keepState(world.state, ref, { state: found.value, since: start, source: "first-sight" });
};
