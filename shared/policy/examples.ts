import type { Witness } from "./comparison.ts";
import type { Statement } from "./document.ts";
import type { Probe } from "./probe.ts";

/** A region and an account, in which example requests are set. */
export type Setting = { readonly region: string; readonly account: string };

/** Documents that people write hold few of them; the limit is for those that nobody should have to wait for. */
const mostSettings = 6;

const usual: Setting = { region: "cn-hangzhou", account: "1234567890123456" };

/** What nobody named is called the same in every sentence; an action that is left open, `Example`. */
const name = "example";

/** An account that is not the usual one, where a pattern of one letter stands for any. */
const otherAccount = "9876543210987654";

/** The region, account or value of a pattern, set to `otherwise` where it leaves it open. */
const plain = (pattern: string, otherwise: string, one: string): string =>
  pattern === "*" ? otherwise : pattern.replaceAll("*", "").replaceAll("?", one);

/** The region and account of a resource pattern, set to usual ones where it leaves them open. */
export const settingOf = (pattern: string): Setting | undefined => {
  const [, , region, account, relative] = pattern.split(":");
  if (relative === undefined) return undefined;
  return { region: plain(region as string, usual.region, "1"), account: plain(account as string, usual.account, "1") };
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
  const context =
    probe.given === undefined ? {} : { [probe.given.key]: plain(probe.given.patterns[0] ?? name, name, name) };
  const action = probe.action.replace("?", "Example");
  return settings.flatMap((setting) =>
    probe.resources.map((pattern) => ({ action, resource: resourceIn(pattern, setting), context })),
  );
};

const resourceIn = (pattern: string, { region, account }: Setting): string => {
  // The pattern of one letter stands for the literal `*` of an API without resource-level permissions.
  if (pattern === "?") return "*";
  const [scheme, service, place, owner, ...relative] = pattern.split(":");
  if (relative.length === 0) return `${scheme}:${service}:${region}:${account}:${name}`;
  const named = relative.join(":").replaceAll("*", name);
  return `${scheme}:${service}:${plain(place as string, region, "1")}:${plain(owner as string, account, otherAccount)}:${named}`;
};
