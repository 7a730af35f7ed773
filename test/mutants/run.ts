import { createRequire } from "node:module";
import { Script } from "node:vm";
import type * as FastCheck from "fast-check";
import { isOutside } from "./bundle.ts";
import type { Mutant } from "./instrument.ts";
import { type Collected, standIn } from "./vitest-stand-in.ts";

export type Status = "killed" | "timed out" | "survived" | "not reached" | "only while loading";

export type Verdict = Mutant & {
  readonly status: Status;
  /** The test that killed it. */
  readonly by?: string;
  /** How many tests reach it, and how many of these it has met. */
  readonly reachedBy: number;
  readonly met: number;
};

export type Tested = { readonly file: string; readonly place: number; readonly name: string; readonly time: number };

/** What Stryker's switches read and write: https://stryker-mutator.io/docs/mutation-testing-elements/mutant-states-and-metrics */
type Switches = {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: { static: Hits; perTest: Record<string, Hits> } | undefined;
};
type Hits = Record<string, number>;

const switches: Switches = {};
const held = globalThis as unknown as { __stryker__: Switches; runNext: () => unknown };
held.__stryker__ = switches;

const require = createRequire(import.meta.url);

/** One evaluation of the bundle: each test file is run when its first test is asked for. */
type Evaluation = (file: string) => readonly Collected[];

const evaluating = (script: Script): (() => Evaluation) => {
  const whole = script.runInThisContext() as (
    from: (name: string) => unknown,
    module: object,
    console: object,
  ) => { readonly [file: string]: () => void };
  return () => {
    let into: Collected[] = [];
    const vitest = standIn((test) => into.push(test));
    const outside = (name: string): unknown => {
      if (name === "vitest") return vitest;
      if (isOutside(name)) return require(name);
      // A file of helpers may import what none of these tests uses, such as a client of the cloud: using it fails.
      return new Proxy({}, { get: () => refusing(name) });
    };
    const files = whole(outside, { exports: {} }, { log: () => undefined });
    const known = new Map<string, readonly Collected[]>();
    return (file) => {
      const before = known.get(file);
      if (before !== undefined) return before;
      into = [];
      files[file]?.();
      known.set(file, into);
      return into;
    };
  };
};

export type Run = {
  readonly tests: readonly Tested[];
  /** Lets the tests that reach a mutant meet it, the quickest first, until one fails or `seconds` of processor time are over. */
  readonly verdict: (mutant: Mutant, seconds: number) => Verdict;
};

/** What stands for a package that the runner does not give to tests. */
const refusing = (name: string): object =>
  class {
    constructor() {
      throw new Error(`the tests use \`${name}\`, which this runner does not give them`);
    }
  };

const next = new Script("runNext()");

const milliseconds = (): number => process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000;

/** Runs all tests without any mutant, to learn which test reaches which. Throws where one fails. */
export const readied = (text: string, testFiles: readonly string[]): Run => {
  // Random tests have one seed; the smallest failing case is of no interest here.
  (require("fast-check") as typeof FastCheck).configureGlobal({ seed: 1, endOnFailure: true });
  const evaluate = evaluating(new Script(text, { filename: "tests.cjs" }));
  const coverage: Required<Switches>["mutantCoverage"] = { static: {}, perTest: {} };
  Object.assign(switches, { activeMutant: undefined, hitCount: undefined, mutantCoverage: coverage });
  const all = evaluate();
  const tests = testFiles.flatMap((file) =>
    all(file).flatMap(({ name, run }, place) => {
      switches.currentTestId = `${file}#${place}`;
      const start = milliseconds();
      const answer = run();
      switches.currentTestId = undefined;
      if (!(answer instanceof Promise)) return [{ file, place, name, time: milliseconds() - start }];
      // It cannot be bounded, and is left out: a mutant that only it would notice counts as not killed.
      answer.catch(() => undefined);
      return [];
    }),
  );
  switches.mutantCoverage = undefined;
  const hits = hitsOf(coverage);
  const killers = new Map<Tested, number>();
  const reaching = (id: string): Tested[] =>
    tests
      .filter(({ file, place }) => coverage.perTest[`${file}#${place}`]?.[id] !== undefined)
      // Quick tests first, and of these the ones that have killed before.
      .sort((a, b) => worth(b, killers) - worth(a, killers));
  const sound = new Set<Tested>();
  // A test that fails by itself, without a mutant, would kill whatever it meets.
  const confirm = (test: Tested): void => {
    if (sound.has(test)) return;
    Object.assign(switches, { hitCount: undefined, hitLimit: undefined });
    if (endOf(bodyOf(evaluate(), test), timeOf(test)) !== "passed") throw new Error(`\`${test.name}\` fails alone`);
    sound.add(test);
  };
  const verdict = (mutant: Mutant, seconds: number): Verdict => {
    const reached = reaching(mutant.id);
    const is = (status: Status, met: number, by?: Tested): Verdict => {
      if (by !== undefined) killers.set(by, (killers.get(by) ?? 0) + 1);
      return {
        ...mutant,
        status,
        ...(by === undefined ? {} : { by: `${by.file}: ${by.name}` }),
        reachedBy: reached.length,
        met,
      };
    };
    if (reached.length === 0)
      return is(coverage.static[mutant.id] === undefined ? "not reached" : "only while loading", 0);
    const collected = evaluate();
    const start = milliseconds();
    Object.assign(switches, { hitCount: 0, hitLimit: 100 * (hits[mutant.id] ?? 0) });
    for (const [at, test] of reached.entries()) {
      if (milliseconds() - start > 1000 * seconds) return is("survived", at);
      const body = bodyOf(collected, test);
      switches.activeMutant = mutant.id;
      const end = endOf(body, timeOf(test));
      switches.activeMutant = undefined;
      if (end === "passed") continue;
      confirm(test);
      return is(end, at + 1, test);
    }
    return is("survived", reached.length);
  };
  return { tests, verdict };
};

const bodyOf = (collected: Evaluation, { file, place, name }: Tested): (() => unknown) => {
  const test = collected(file)[place];
  if (test?.name !== name) throw new Error(`\`${file}\` declares other tests when it runs again`);
  return test.run;
};

/** Longer than any test takes that ends, on a busy machine too. */
const timeOf = ({ time }: Tested): number => Math.ceil(3000 + 20 * time);

const worth = (test: Tested, killers: ReadonlyMap<Tested, number>): number =>
  (0.02 + (killers.get(test) ?? 0)) / (0.2 + test.time);

const hitsOf = (coverage: { readonly static: Hits; readonly perTest: Record<string, Hits> }): Hits => {
  const sum: Hits = { ...coverage.static };
  for (const hits of Object.values(coverage.perTest)) {
    for (const [id, count] of Object.entries(hits)) sum[id] = (sum[id] ?? 0) + count;
  }
  return sum;
};

type End = "passed" | "killed" | "timed out";

/** What the body throws is the test's word; what comes from elsewhere is a fault of this runner, and no mutant dies of it. */
const endOf = (body: () => unknown, timeout: number): End => {
  let end: End = "passed";
  held.runNext = () => {
    try {
      body();
    } catch {
      end = (switches.hitCount ?? 0) > (switches.hitLimit ?? Number.POSITIVE_INFINITY) ? "timed out" : "killed";
    }
  };
  try {
    next.runInThisContext({ timeout });
  } catch (error) {
    if ((error as { code?: unknown } | undefined)?.code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    return "timed out";
  }
  return end;
};
