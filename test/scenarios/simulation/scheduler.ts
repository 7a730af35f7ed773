import { createHash } from "node:crypto";

/** Numbers of [0, 1); the same seed gives the same row of numbers. */
export type Draw = () => number;

/** A small generator (mulberry32): good enough to choose by, and the same everywhere. */
export const drawsFrom = (seed: number): Draw => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

export const pick = <Value>(draw: Draw, from: readonly Value[]): Value =>
  from[Math.floor(draw() * from.length)] as Value;

export const between = (draw: Draw, low: number, high: number): number => Math.floor(low + draw() * (high - low));

type Task = { readonly due: number; readonly tie: number; readonly name: string; readonly run: () => void };

/** Time that moves only from one task to the next, and the order in which everything happens. */
export type Scheduler = {
  readonly now: () => number;
  /** Runs something after a while. Tasks of one instant run in an order that the seed chooses. */
  readonly after: (ms: number, name: string, run: () => void) => void;
  readonly sleep: (ms: number, name: string) => Promise<void>;
  /** Runs until nothing is left to do. Rejects with what a task throws. */
  readonly run: () => Promise<void>;
  /** What happened so far, as one short text: the same seed gives the same. */
  readonly digest: () => string;
  readonly steps: () => number;
};

/** Everything that promises set off before the next task runs has run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const scheduler = (start: number, draw: Draw, onStep: () => void): Scheduler => {
  const heap: Task[] = [];
  let now = start;
  let steps = 0;
  let trace = "";
  const hash = createHash("sha256");
  const isBefore = (a: Task, b: Task): boolean => a.due < b.due || (a.due === b.due && a.tie < b.tie);
  const push = (task: Task): void => {
    heap.push(task);
    for (let at = heap.length - 1; at > 0; ) {
      const up = (at - 1) >> 1;
      if (!isBefore(heap[at] as Task, heap[up] as Task)) break;
      [heap[at], heap[up]] = [heap[up] as Task, heap[at] as Task];
      at = up;
    }
  };
  const pop = (): Task | undefined => {
    const [top] = heap;
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    heap[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      for (const child of [left, right])
        if (child < heap.length && isBefore(heap[child] as Task, heap[least] as Task)) least = child;
      if (least === at) return top;
      [heap[at], heap[least]] = [heap[least] as Task, heap[at] as Task];
      at = least;
    }
  };
  const after: Scheduler["after"] = (ms, name, run) => push({ due: now + Math.max(0, ms), tie: draw(), name, run });
  const noteTrace = (): void => {
    hash.update(trace);
    trace = "";
  };
  return {
    now: () => now,
    after,
    sleep: (ms, name) => new Promise((resolve) => after(ms, name, resolve)),
    run: async () => {
      await settled();
      for (let task = pop(); task !== undefined; task = pop()) {
        now = task.due;
        steps += 1;
        trace += `${now} ${task.name}\n`;
        if (trace.length > 60_000) noteTrace();
        task.run();
        await settled();
        onStep();
      }
    },
    digest: () => {
      noteTrace();
      return hash.copy().digest("hex").slice(0, 32);
    },
    steps: () => steps,
  };
};
