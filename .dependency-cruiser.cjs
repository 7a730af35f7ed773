// The layers of ARCHITECTURE.md, as rules. A folder may import itself, what is listed for it, and nothing else.
const allowed = {
  "shared/domain": [],
  "shared/policy": ["shared/domain"],
  "shared/operations": ["shared/domain", "shared/policy"],
  "shared/rules": ["shared/domain", "shared/policy"],
  "shared/chains": ["shared/domain", "shared/policy", "shared/rules/kit"],
  // A check judges how a thing stands; what it says and asks of names it shares with the rules.
  "shared/checks": ["shared/domain", "shared/policy", "shared/rules/kit"],
  "shared/planning": ["shared/domain", "shared/policy", "shared/operations"],
  "shared/intake": ["shared/domain", "shared/policy", "shared/operations", "node_modules/zod/"],
  "shared/ports": ["shared/domain"],
  // A digest of an event's claim is part of its key.
  "shared/ledger": ["shared/domain", "shared/ports", "crypto$"],
  "shared/response": ["shared/domain", "shared/ports", "shared/ledger", "shared/operations"],
};
const adapters = ["shared/aliyun", "shared/channels", "shared/local"];

/** `^(shared/domain/|shared/policy/)`: a pattern that matches any path under one of the prefixes, or a whole path with `$`. */
const under = (prefixes) => `^(${prefixes.map((prefix) => (/[/$]$/.test(prefix) ? prefix : `${prefix}/`)).join("|")})`;

module.exports = {
  forbidden: [
    ...Object.entries(allowed).map(([folder, others]) => ({
      name: `${folder.replace("shared/", "")}-imports`,
      severity: "error",
      from: { path: `^${folder}/` },
      to: { pathNot: under([folder, ...others]) },
    })),
    {
      name: "a-rule-never-imports-another-rule",
      severity: "error",
      from: { path: "^shared/rules/(?!registry\\.ts$|text/|kit/)[^/]+\\.ts$" },
      to: { path: "^shared/rules/", pathNot: "^shared/rules/kit/" },
    },
    {
      name: "a-chain-never-imports-another-chain",
      severity: "error",
      from: { path: "^shared/chains/(?!registry\\.ts$|kit/)[^/]+\\.ts$" },
      to: { path: "^shared/chains/", pathNot: "^shared/chains/kit/" },
    },
    {
      name: "a-check-never-imports-another-check",
      severity: "error",
      from: { path: "^shared/checks/(?!registry\\.ts$|practices\\.ts$|kit/)[^/]+\\.ts$" },
      to: { path: "^shared/checks/", pathNot: "^shared/checks/kit/" },
    },
    ...adapters.map((folder) => ({
      name: `${folder.replace("shared/", "")}-imports`,
      severity: "error",
      from: { path: `^${folder}/` },
      to: {
        path: "^(shared|functions|cli|sandbox|scripts)/",
        pathNot: under([folder, "shared/domain", "shared/policy", "shared/ports"]),
      },
    })),
    {
      name: "pipeline-and-config-know-no-adapter",
      severity: "error",
      from: { path: "^shared/[^/]+\\.ts$" },
      to: { path: under([...adapters, "functions", "cli", "sandbox", "scripts"]) },
    },
    {
      name: "functions-imports",
      severity: "error",
      from: { path: "^functions/" },
      to: { path: under(["cli", "sandbox", "scripts"]) },
    },
    {
      name: "cli-uses-only-the-door-of-the-sandbox",
      severity: "error",
      from: { path: "^cli/" },
      to: { path: "^(sandbox/(?!index\\.ts$)|functions/(?!wire\\.ts$|tablestore\\.ts$|guard/|sweep/)|scripts/)" },
    },
    {
      name: "the-sandbox-knows-nothing-of-ours",
      severity: "error",
      from: { path: "^sandbox/" },
      to: { path: under(["shared", "functions", "cli", "scripts"]) },
    },
    {
      name: "the-sandbox-uses-node-only",
      severity: "error",
      from: { path: "^sandbox/" },
      to: { dependencyTypesNot: ["local", "core"], pathNot: "^node_modules/(hono|@hono)/" },
    },
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    { name: "not-to-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "not-to-dev-dep",
      severity: "error",
      from: { path: "^(shared|functions|sandbox)/" },
      to: { dependencyTypes: ["npm-dev"] },
    },
  ],
  options: {
    parser: "swc",
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
