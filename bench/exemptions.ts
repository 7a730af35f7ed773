import { cpus, loadavg } from "node:os";
import type { Change } from "../shared/domain/change.ts";
import type { Exemption } from "../shared/domain/exemption.ts";
import type { RuleSettings } from "../shared/domain/settings.ts";
import { gone } from "../shared/domain/subject.ts";
import type { TrailEvent } from "../shared/domain/trail-event.ts";
import { readExemptions } from "../shared/exemptions.ts";
import { takeIn } from "../shared/intake/take-in.ts";
import { exemptFindings, exemptionsOf, scopeOf } from "../shared/planning/exemptions.ts";
import { judgeChange, rules } from "../shared/rules/registry.ts";
import { ramFeed } from "./feeds.ts";

/**
 * What judging costs with all rules on, 10,000 exemptions and 1,000 trusted accounts, beside the same with none. The ways take
 * turns in one run, so that the ratios hold on a busy machine; what is counted is processor time.
 */

const accountId = "1234567890123456";
const now = Date.UTC(2026, 10, 1);
const dayMs = 86_400_000;

const settingsWith = (accounts: number): RuleSettings => ({
  accountId,
  trusted: {
    accounts: Array.from({ length: accounts }, (_, index) => String(5_000_000_000_000_000 + index)),
    services: ["ecs.aliyuncs.com", "fc.aliyuncs.com"],
    entities: [],
  },
  provisioners: [{ kind: "role", name: "ci" }],
  pipelines: [],
  highRiskPolicies: [],
  // All rules on, those that are off by default as well.
  responses: Object.fromEntries(
    rules.map(({ id, responses }) => [id, responses.includes("alert") ? "alert" : responses[0]]),
  ) as RuleSettings["responses"],
});

const kinds = ["role-trust", "access-key", "login", "policy"] as const;

/** Exemptions of all rules, each of a subject of its own; or of patterns, which have to be tried one by one. */
const many = (count: number, form: "names" | "patterns"): readonly Exemption[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `e-${index}`,
    rules: [(rules[index % rules.length] ?? { id: "RAM.MfaRemoved" as const }).id],
    subject: `${kinds[index % kinds.length]}/app-${index}${form === "names" ? "" : "-*"}`,
    owner: "alice",
    reason: "agreed",
    from: now - dayMs,
    until: now + dayMs,
  }));

/** The worst that a file can be: all patterns of one rule and one kind of subject, so that each is tried. */
const oneRule = (count: number): readonly Exemption[] =>
  many(count, "patterns").map((one, index) => ({
    ...one,
    rules: ["RAM.TrustForeignAccount"],
    subject: `role-trust/app-${index}-*`,
  }));

const changeOf = ({ subject, claimed, actor, effect }: TrailEvent): readonly Change[] => {
  if (claimed === undefined) return [];
  const before =
    effect === "made"
      ? { known: true as const, state: gone, provenance: "proven-by-event" as const }
      : { known: false as const, because: "the bench has no baseline" };
  return [{ kind: subject.kind, subject, before, after: claimed, actor } as Change];
};

const count = 5_000;
const changes = takeIn(Buffer.from(JSON.stringify(ramFeed(count)))).events.flatMap(changeOf);

const judged = (settings: RuleSettings, exemptions: readonly Exemption[]) => {
  const list = exemptionsOf(exemptions);
  return (): number => {
    let findings = 0;
    for (const change of changes) {
      const found = judgeChange(change, { settings });
      if (found.length > 0)
        findings += exemptFindings(
          found,
          scopeOf(change, () => ""),
          list,
          now,
        ).length;
    }
    return findings;
  };
};

const ways = [
  { name: "no exemption, no trusted account", run: judged(settingsWith(0), []) },
  { name: "1,000 trusted accounts", run: judged(settingsWith(1_000), []) },
  {
    name: "10,000 exemptions by name, 1,000 trusted accounts",
    run: judged(settingsWith(1_000), many(10_000, "names")),
  },
  {
    name: "10,000 exemptions by pattern, 1,000 trusted accounts",
    run: judged(settingsWith(1_000), many(10_000, "patterns")),
  },
  { name: "10,000 patterns of one rule and kind, 1,000 accounts", run: judged(settingsWith(1_000), oneRule(10_000)) },
];

const rounds = 7;
const runs = 4;
const times = ways.map((): number[] => []);
for (let round = 0; round < rounds; round += 1)
  for (const [index, { run }] of ways.entries())
    for (let turn = 0; turn < runs; turn += 1) {
      const start = process.cpuUsage();
      run();
      const { user, system } = process.cpuUsage(start);
      if (round > 0 && turn > 0) times[index]?.push(user + system);
    }

const median = (list: readonly number[]): number =>
  [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
const [bare = Number.NaN] = times.map(median);
console.log(`Node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, load ${loadavg()[0]?.toFixed(1)}`);
console.log(`${changes.length} changes, ${rules.length} rules, ${ways[0]?.run()} findings\n`);
for (const [index, { name }] of ways.entries()) {
  const time = median(times[index] ?? []);
  console.log(
    `  ${name.padEnd(54)} ${(time / changes.length).toFixed(2).padStart(7)} µs a change  ${(time / bare).toFixed(2)} ×`,
  );
}

/** Reading a file of them, which a function does once for each instance. */
const text = (entries: number): string =>
  `exemptions:\n${Array.from({ length: entries }, (_, index) => `  - id: e-${index}\n    rules: [RAM.MfaRemoved]\n    subject: mfa/app-${index}\n    owner: alice\n    reason: agreed\n    from: 2026-10-31\n    until: 2026-11-02\n`).join("")}`;
console.log();
for (const entries of [100, 1_000, 10_000]) {
  const file = text(entries);
  const reading = Array.from({ length: 5 }, () => {
    const start = process.cpuUsage();
    if (!readExemptions(file, "exemptions.yaml").ok) throw new Error("the file of the bench is wrong");
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  console.log(
    `  a file of ${String(entries).padStart(6)} exemptions is read in ${median(reading).toFixed(0).padStart(6)} ms of the processor`,
  );
}
