import type { Json } from "../shared/domain/json.ts";
import { gone } from "../shared/domain/subject.ts";
import { takeIn } from "../shared/intake/take-in.ts";
import { handlePayload } from "../shared/pipeline.ts";
import type { StateStore } from "../shared/ports/state-store.ts";
import type { World } from "../shared/ports/world.ts";
import { memoryStateStore } from "../test/support/memory-state-store.ts";
import { ramStream } from "./feeds.ts";
import { benchSettings } from "./settings.ts";

/**
 * Whether memory stays flat over a million events through the whole pipeline in one process: intake, judging, ledger,
 * outbox. The state store forgets its oldest rows, as its growth is not what is asked after.
 */

const count = Number(process.argv[2] ?? "1000000");
const every = Math.max(1, Math.floor(count / 20));
const rowsKept = 20_000;

let now = Date.UTC(2026, 10, 1);
const clock = {
  now: () => now,
  sleep: async (ms: number) => {
    now += ms;
  },
};

const forgetting = (store: StateStore): StateStore => {
  const known: string[] = [];
  const putIfAbsent: StateStore["putIfAbsent"] = async (key, value, expiry) => {
    known.push(key);
    if (known.length > 2 * rowsKept)
      for (const old of known.splice(0, rowsKept)) {
        const row = await store.get(old);
        if (row !== undefined) await store.delete(old, row.version);
      }
    return store.putIfAbsent(key, value, expiry);
  };
  return { ...store, putIfAbsent };
};

let ids = 0;
let messages = 0;
let claimed: Json = null;
const world: World = {
  accountId: benchSettings.rules.accountId,
  read: async (ref) => {
    const [event] = takeIn(claimed).events;
    return { ok: true, value: event?.claimed !== undefined && event.subject.kind === ref.kind ? event.claimed : gone };
  },
  policyDocument: async () => ({ ok: true, value: gone }),
  inventory: async () => ({ ok: true, value: { things: [], calls: 0 } }),
  census: async () => ({ ok: true, value: { seen: [], calls: 0 } }),
  trail: async () => ({ ok: true, value: { events: [] } }),
  act: async () => ({ ok: false, error: { kind: "forbidden", operation: "Sts.AssumeRole" } }),
  state: forgetting(memoryStateStore(clock)),
  channels: [
    {
      name: "nobody",
      send: async () => {
        messages += 1;
        return { kind: "sent" };
      },
    },
  ],
  clock,
  newId: () => {
    ids += 1;
    return `00000000-0000-7000-8000-${ids.toString(16).padStart(12, "0")}`;
  },
  log: () => undefined,
};

const megabytes = (bytes: number): string => (bytes / 1_048_576).toFixed(1).padStart(8);
const collect = (globalThis as { gc?: () => void }).gc;
if (collect === undefined) console.log("(run with `node --expose-gc`, or what is not collected yet counts as well)");

console.log("   events      heap MB     RSS MB   incidents told");
const heaps: number[] = [];
const from = process.cpuUsage();
let done = 0;
for (const event of ramStream(count)) {
  now = Math.max(now, Date.parse(String(event.eventTime)) + 2_000);
  claimed = event as unknown as Json;
  await handlePayload(world, benchSettings, Buffer.from(JSON.stringify(event)));
  done += 1;
  if (done % every !== 0) continue;
  collect?.();
  const { heapUsed, rss } = process.memoryUsage();
  heaps.push(heapUsed);
  console.log(`${String(done).padStart(9)}     ${megabytes(heapUsed)}   ${megabytes(rss)}   ${messages}`);
}
const { user, system } = process.cpuUsage(from);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);
const quarter = Math.floor(heaps.length / 4);
// What the store keeps goes up and down by itself, so means are compared, after it was filled once.
const [second, last] = [mean(heaps.slice(quarter, 2 * quarter)), mean(heaps.slice(-quarter))];
console.log(`${((user + system) / done).toFixed(0)} µs of processor time for each event`);
console.log(`mean heap of the second quarter ${megabytes(second)} MB, of the last ${megabytes(last)} MB`);
