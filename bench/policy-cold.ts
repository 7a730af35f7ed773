// A process of its own: import, then the first comparison. Prints both in milliseconds, by the clock and of the processor.
const stamp = (): { readonly clock: number; readonly processor: number } => {
  const { user, system } = process.cpuUsage();
  return { clock: performance.now(), processor: (user + system) / 1000 };
};

const [compare = "", before = "", after = ""] = process.argv.slice(2);
const begun = stamp();
const { compareDocuments } = (await import(compare)) as typeof import("../shared/policy/compare.ts");
const imported = stamp();
compareDocuments([before], [after]);
const done = stamp();
console.log(
  JSON.stringify({
    importing: imported.clock - begun.clock,
    first: done.clock - imported.clock,
    firstOfProcessor: done.processor - imported.processor,
  }),
);

export {};
