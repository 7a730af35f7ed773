import { cpus } from "node:os";
import type { Change } from "../shared/domain/change.ts";
import type { RuleSettings } from "../shared/domain/settings.ts";
import { gone } from "../shared/domain/subject.ts";
import type { Intake, TrailEvent } from "../shared/domain/trail-event.ts";
import { takeIn } from "../shared/intake/take-in.ts";
import { judgeChange } from "../shared/rules/registry.ts";
import { foreignFeed, ramFeed } from "./feeds.ts";
import { runRulesEngine } from "./rules-engine.ts";

/**
 * Events per second through intake, and through intake and judging, beside `JSON.parse` of the same bytes and beside
 * json-rules-engine, all in one run. What counts are the ratios: they hold on a busy machine, the absolute numbers don't.
 */

const settings: RuleSettings = {
  accountId: "1234567890123456",
  trusted: { accounts: [], services: ["ecs.aliyuncs.com", "fc.aliyuncs.com"], entities: [] },
  provisioners: [{ kind: "role", name: "ci" }],
  highRiskPolicies: [],
  protected: [],
  ownRoles: [],
  requiredGroups: [],
  allowedProducts: [],
  longestSession: { human: 3600, automation: 14400 },
  responses: {},
};

const changeOf = (event: TrailEvent): Change | undefined => {
  const { subject, claimed, actor, effect } = event;
  if (claimed === undefined) return undefined;
  const before =
    effect === "made"
      ? { known: true as const, state: gone, provenance: "proven-by-event" as const }
      : { known: false as const, because: "the bench has no baseline" };
  return { kind: subject.kind, subject, before, after: claimed, actor } as Change;
};

const judged = ({ events }: Intake): number => {
  let findings = 0;
  for (const event of events) {
    const change = changeOf(event);
    if (change !== undefined) findings += judgeChange(change, { settings }).length;
  }
  return findings;
};

type Way = { readonly name: string; readonly run: () => unknown | Promise<unknown> };

/** Nanoseconds of processor time, garbage collection included: on a busy machine the clock on the wall says nothing. */
const elapsed = async (way: Way): Promise<number> => {
  const start = process.cpuUsage();
  await way.run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) * 1000;
};

const rounds = 5;
const runs = 8;

/**
 * The ways take turns, so that whatever else the machine does hits all of them; the median run counts. The first runs
 * of each turn are not counted, because they also pay for the garbage of the way before.
 */
const measure = async (ways: readonly Way[]): Promise<readonly number[]> => {
  const times = ways.map((): number[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [index, way] of ways.entries())
      for (let run = 0; run < runs; run++) {
        const time = await elapsed(way);
        if (round > 0 && run >= 3) times[index]?.push(time);
      }
  return times.map((list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN);
};

const count = 5000;
const engineCount = 500;

const compare = async (name: string, feed: readonly unknown[]): Promise<void> => {
  const whole = Buffer.from(JSON.stringify(feed));
  const each = feed.map((record) => Buffer.from(JSON.stringify(record)));
  const few = feed.slice(0, engineCount).map((record) => Buffer.from(JSON.stringify(record)));
  const ways: readonly (Way & { readonly events: number; readonly beside?: number })[] = [
    { name: "one payload of all: JSON.parse", events: count, run: () => JSON.parse(whole.toString()) },
    { name: "one payload of all: takeIn", events: count, beside: 0, run: () => takeIn(whole) },
    { name: "one payload of all: takeIn and judge", events: count, beside: 0, run: () => judged(takeIn(whole)) },
    {
      name: "a payload each: JSON.parse",
      events: count,
      run: () => {
        for (const bytes of each) JSON.parse(bytes.toString());
      },
    },
    {
      name: "a payload each: takeIn",
      events: count,
      beside: 3,
      run: () => {
        for (const bytes of each) takeIn(bytes);
      },
    },
    {
      name: "a payload each: takeIn and judge",
      events: count,
      beside: 3,
      run: () => {
        for (const bytes of each) judged(takeIn(bytes));
      },
    },
    {
      name: "a payload each: JSON.parse and json-rules-engine",
      events: engineCount,
      beside: 3,
      run: () => runRulesEngine(few.map((bytes) => JSON.parse(bytes.toString()))),
    },
  ];
  const times = await measure(ways);
  const speeds = ways.map(({ events }, index) => (events / (times[index] ?? Number.NaN)) * 1e9);
  console.log(`\n${name}: ${count} events of ${Math.round(whole.length / count)} bytes`);
  ways.forEach(({ name: way, beside }, index) => {
    const ratio =
      beside === undefined ? "" : `  ${((speeds[index] ?? 0) / (speeds[beside] ?? 1)).toFixed(3)} × JSON.parse`;
    console.log(
      `  ${way.padEnd(50)} ${Math.round(speeds[index] ?? 0)
        .toLocaleString("en")
        .padStart(10)} events/s${ratio}`,
    );
  });
  console.log(`  takeIn and judge is ${((speeds[5] ?? 0) / (speeds[6] ?? 1)).toFixed(0)} × json-rules-engine`);
};

console.log(`Node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, one core`);
await compare("A feed that is all RAM's", ramFeed(count));
await compare("A feed of which one in fifty is RAM's", foreignFeed(count));
