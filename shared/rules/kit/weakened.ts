import type { Change } from "../../domain/change.ts";
import type { Evidence, Verdict } from "../../domain/finding.ts";
import { compliant } from "../../domain/finding.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import { canonicalText } from "../../domain/json.ts";
import type { Compare, Direction } from "../../policy/direction.ts";
import { isDeclared, makerOf } from "./actors.ts";
import type { Facts } from "./rule.ts";
import { undetermined } from "./rule.ts";

type SettingKind = "security-preference" | "password-policy";

/** Some values of a setting of the whole account, and which way each protects more. */
export type Watched = {
  readonly compares: { readonly [name: string]: Compare };
  /** What the account asks for at least, where nobody knows what was before; a value that is not here is then undecided. */
  readonly least: JsonObject;
  /** Whether a value is free to move as long as it stays within what the account asks for. */
  readonly freeWithinLeast?: boolean;
};

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : canonicalText(value ?? null));

/** Judges whether a change made a setting protect less: than it did before, or where that is not known, than it has to. */
export const judgeWeakened = <Kind extends SettingKind>(
  change: Change<Kind>,
  { settings }: Facts,
  { compares, least, freeWithinLeast = false }: Watched,
): Verdict => {
  const { before, after, actor } = change as Change<SettingKind>;
  if (after.kind === "gone") return compliant;
  const was = before.known && before.state.kind !== "gone" ? before.state.fields : undefined;
  // What a declared pipeline sets where nothing was known is what the account is to be like.
  if (was === undefined && isDeclared(actor, settings)) return compliant;
  const maker = makerOf(actor);
  const evidence: Evidence[] = [];
  const undecided: string[] = [];
  for (const [name, compare] of Object.entries(compares)) {
    const [from, to] = [was?.[name], after.fields[name]];
    if (to === undefined && from === undefined) continue;
    const beyond = Object.hasOwn(least, name) ? compare(least[name], to) : "unsure";
    const moved: Direction = was === undefined ? beyond : compare(from, to);
    if (moved === "unsure") undecided.push(name);
    if (moved !== "looser" || (freeWithinLeast && beyond !== "looser")) continue;
    evidence.push({
      sentence: was === undefined ? below(name, to, least[name]) : weakened(maker, name, from, to),
      facts: { maker, setting: name, from: was === undefined ? "not known" : textOf(from), to: textOf(to) },
    });
  }
  const [first, ...others] = evidence;
  if (first !== undefined) return { kind: "violation", evidence: [first, ...others] };
  if (undecided.length === 0) return compliant;
  const names = undecided.map((name) => `\`${name}\``).join(", ");
  return undetermined({
    en: `whether ${names} protects less than before cannot be told: what it was is not known, or a value is unknown`,
    "zh-CN": `无法判定 ${names} 是否被弱化：不知道之前的取值，或取值无法识别`,
  });
};

const weakened = (maker: string, name: string, from: Json | undefined, to: Json | undefined): Evidence["sentence"] => ({
  en: `\`${maker}\` changed \`${name}\` from \`${textOf(from)}\` to \`${textOf(to)}\`, which protects less`,
  "zh-CN": `\`${maker}\` 将 \`${name}\` 由 \`${textOf(from)}\` 改为 \`${textOf(to)}\`，保护减弱`,
});

const below = (name: string, to: Json | undefined, least: Json | undefined): Evidence["sentence"] => ({
  en: `\`${name}\` is \`${textOf(to)}\` now, which protects less than the \`${textOf(least)}\` that the settings ask for`,
  "zh-CN": `\`${name}\` 现为 \`${textOf(to)}\`，弱于设置要求的 \`${textOf(least)}\``,
});
