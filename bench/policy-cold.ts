// A process of its own: import, then the first comparison. Prints both in milliseconds.
const begun = performance.now();
const { compareDocuments } = await import("../shared/policy/compare.ts");
const imported = performance.now();
const [before = "", after = ""] = process.argv.slice(2);
compareDocuments([before], [after]);
console.log(JSON.stringify({ importing: imported - begun, first: performance.now() - imported }));

export {};
