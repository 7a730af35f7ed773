import type { Bilingual } from "../../domain/finding.ts";
import type { RuleSettings } from "../../domain/settings.ts";
import { imitates, isGenericName } from "./names.ts";
import type { UserTags } from "./practices.ts";
import { classOf, matchesOne, practicesOf } from "./practices.ts";

/**
 * What is wrong with the name of a user; undefined where it is in order, and `class not known` where that depends on
 * whether it is a program's, which tags would tell that were not read.
 */
export const nameFlaw = (
  name: string,
  settings: RuleSettings,
  tags?: UserTags,
): Bilingual | "class not known" | undefined => {
  if (isGenericName(name)) return { en: "could be anybody's", "zh-CN": "名称过于笼统" };
  const imitated = (settings.protected ?? []).find((identity) => imitates(name, identity.name));
  if (imitated !== undefined)
    return {
      en: `looks like the protected \`${imitated.kind}/${imitated.name}\``,
      "zh-CN": `与受保护的 \`${imitated.kind}/${imitated.name}\` 相似`,
    };
  const { naming } = practicesOf(settings);
  const fits = (patterns: readonly string[]): boolean => patterns.length === 0 || matchesOne(name, patterns);
  const [asProgram, asPerson] = [fits(naming.services), fits(naming.users)];
  const whose = classOf(name, settings, tags);
  if (whose === undefined && asProgram !== asPerson) return "class not known";
  return (whose === "service" ? asProgram : asPerson)
    ? undefined
    : { en: "matches none of the patterns of `naming`", "zh-CN": "不符合 `naming` 中的任何模式" };
};
