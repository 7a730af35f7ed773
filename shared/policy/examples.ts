import type { Witness } from "./comparison.ts";
import type { Statement } from "./document.ts";
import type { Probe } from "./probe.ts";

/** A region and an account, in which example requests are set. */
export type Setting = { readonly region: string; readonly account: string };

/** Documents that people write hold few of them; the limit is for those that nobody should have to wait for. */
const mostSettings = 6;

const usual: Setting = { region: "cn-hangzhou", account: "1234567890123456" };

const plain = (pattern: string, otherwise: string): string =>
  pattern === "*" ? otherwise : pattern.replaceAll("*", "").replaceAll("?", "1");

/** The region and account of a resource pattern, set to usual ones where it leaves them open. */
export const settingOf = (pattern: string): Setting | undefined => {
  const [, , region, account, relative] = pattern.split(":");
  if (region === undefined || account === undefined || relative === undefined) return undefined;
  return { region: plain(region, usual.region), account: plain(account, usual.account) };
};

/** Where the statements' own resources are, so that an example is one that they could allow. */
export const settingsIn = (statements: readonly Statement[]): readonly Setting[] => {
  const found = new Map<string, Setting>([["", usual]]);
  for (const { effect, resource } of statements) {
    if (effect === "Deny" || resource === undefined || resource.complement) continue;
    for (const pattern of resource.patterns) {
      const setting = settingOf(pattern);
      if (setting !== undefined) found.set(`${setting.region}:${setting.account}`, setting);
      if (found.size >= mostSettings) return [...found.values()];
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
  const [scheme = "", service = "", place = "", owner = "", ...relative] = pattern.split(":");
  if (relative.length === 0) return `${scheme}:${service}:${region}:${account}:any-name`;
  const name = relative.join(":").replaceAll("*", "any-name");
  return `${scheme}:${service}:${plain(place, region)}:${plain(owner, account)}:${name}`;
};
