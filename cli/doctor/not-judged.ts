import type { Bilingual, Language } from "../../shared/domain/finding.ts";
import { notRules } from "../../shared/rules/kit/not-rules.ts";

/** A control of the catalogue that nothing here judges, and why. */
type NotJudged = { readonly control: string; readonly title: Bilingual; readonly because: Bilingual };

/** What no rule, chain or check looks at, so that nobody takes its silence for an all-clear. That is so everywhere, and no fault of an installation. */
export const notJudged: readonly NotJudged[] = Object.entries(notRules).map(([control, { title, because }]) => ({
  control,
  title,
  because,
}));

const heads: { readonly [language in Language]: string } = {
  en: `not judged by anything, in any installation: ${notJudged.length} controls of the catalogue (docs/coverage.md)`,
  "zh-CN": `目录中有 ${notJudged.length} 项控制在任何部署中都不会被判定（docs/coverage.md）`,
};

/** The same for people: a reason once, under it the controls that it is the reason of. */
export const notJudgedLines = (language: Language): readonly string[] => [
  heads[language],
  ...[...new Set(notJudged.map(({ because }) => because[language]))].flatMap((reason) => [
    `  ${reason}`,
    ...notJudged
      .filter(({ because }) => because[language] === reason)
      .map(({ control, title }) => `    ${control}  ${title[language]}`),
  ]),
];
