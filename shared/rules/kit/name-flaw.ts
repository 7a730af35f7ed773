import type { Bilingual } from "../../domain/finding.ts";
import type { RuleSettings } from "../../domain/settings.ts";
import { imitates, isGenericName } from "./names.ts";
import { isServiceUser, matchesOne, practicesOf } from "./practices.ts";

/** What is wrong with the name of a user; undefined where it is in order. */
export const nameFlaw = (name: string, settings: RuleSettings): Bilingual | undefined => {
  if (isGenericName(name)) return { en: "could be anybody's", "zh-CN": "名称过于笼统" };
  const imitated = (settings.protected ?? []).find((identity) => imitates(name, identity.name));
  if (imitated !== undefined)
    return {
      en: `looks like the protected \`${imitated.kind}/${imitated.name}\``,
      "zh-CN": `与受保护的 \`${imitated.kind}/${imitated.name}\` 相似`,
    };
  const { naming } = practicesOf(settings);
  const patterns = isServiceUser(name, settings) ? naming.services : naming.users;
  return patterns.length === 0 || matchesOne(name, patterns)
    ? undefined
    : { en: "matches none of the patterns of `naming`", "zh-CN": "不符合 `naming` 中的任何模式" };
};
