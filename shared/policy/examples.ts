import { matchesAny } from "./action-globs.ts";
import type { Witness } from "./comparison.ts";
import type { Globs, PolicyDocument } from "./document.ts";
import type { Probe } from "./probe.ts";

/** A region and an account, in which example requests are set. */
export type Setting = { readonly region: string; readonly account: string };

/** Documents that RAM accepts hold few of them; the limit is for those that nobody should have to wait for. */
const mostSettings = 16;

const usual: Setting = { region: "cn-hangzhou", account: "1234567890123456" };

const plain = (pattern: string, otherwise: string): string =>
  pattern === "" || pattern === "*" ? otherwise : pattern.replaceAll("*", "").replaceAll("?", "1");

/** The regions and accounts that the documents' own resources are in, so that an example is one that they could allow. */
export const settingsIn = (documents: readonly PolicyDocument[]): readonly Setting[] => {
  const found = new Map<string, Setting>([["", usual]]);
  for (const { statements } of documents) {
    for (const { effect, resource } of statements) {
      if (effect === "Deny" || resource === undefined) continue;
      for (const pattern of resource.patterns) {
        const [, , region, account, relative] = pattern.split(":");
        if (region === undefined || account === undefined || relative === undefined) continue;
        const setting = {
          region: region === "" ? "" : plain(region, usual.region),
          account: plain(account, usual.account),
        };
        found.set(`${setting.region}:${setting.account}`, setting);
        if (found.size >= mostSettings) return [...found.values()];
      }
    }
  }
  return [...found.values()];
};

/** Concrete requests of the probe's kind: one for each of its resources and each setting. */
export const examplesOf = (probe: Probe, settings: readonly Setting[]): readonly Witness[] => {
  const context = probe.given === undefined ? {} : { [probe.given.key]: plain(probe.given.patterns[0] ?? "", "any") };
  const action = probe.action.replace("?", "Any");
  return settings.flatMap((setting) =>
    probe.resources.map((pattern) => ({ action, resource: resourceIn(pattern, setting), context })),
  );
};

const resourceIn = (pattern: string, { region, account }: Setting): string => {
  // The pattern of one letter stands for the literal `*` of an API without resource-level permissions.
  if (pattern === "?") return "*";
  const [scheme = "", service = "", ...rest] = pattern.split(":");
  if (rest.length < 3) return `${scheme}:${service}:${region}:${account}:any-name`;
  const [, owner = "", ...relative] = rest;
  return `${scheme}:${service}:${region}:${owner === "*" ? account : plain(owner, account)}:${relative.join(":").replaceAll("*", "any-name")}`;
};

/** Whether any of the documents speaks of the action in an Allow; one that does not needs no further look. */
export const speaksOf = (documents: readonly PolicyDocument[], action: string): boolean =>
  documents.some(({ statements }) =>
    statements.some((statement) => statement.effect === "Allow" && mayInclude(statement.action, action)),
  );

const mayInclude = (globs: Globs, action: string): boolean => {
  if (!action.includes("?")) return matchesAny(globs, action);
  const [start = ""] = action.toLowerCase().split("?");
  return globs.complement || globs.patterns.some((pattern) => beginAlike(pattern.toLowerCase(), start));
};

const beginAlike = (pattern: string, start: string): boolean => {
  const [literal = ""] = pattern.split(/[*?]/);
  return literal.startsWith(start) || start.startsWith(literal);
};
