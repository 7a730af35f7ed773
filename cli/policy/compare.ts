import type { Bilingual, Language } from "../../shared/domain/finding.ts";
import { compareDocuments } from "../../shared/policy/compare.ts";
import type { Comparison, ComparisonResult, StatementRef } from "../../shared/policy/comparison.ts";
import { requestText } from "../../shared/policy/request-text.ts";
import { type TrustDifference, trustStepsBetween } from "../../shared/policy/trust-difference.ts";
import { severityWords } from "../words.ts";
import { kindOf, type PolicyInput, readPolicyInput, standardInput } from "./input.ts";
import { asJson, badInput, type Outcome, table } from "./output.ts";
import { reasonText } from "./reasons.ts";

export type CompareFlags = {
  readonly trust?: boolean;
  readonly json?: boolean;
  readonly lang?: Language;
  /** The own account's id, which tells it from others in a trust document. */
  readonly account?: string;
};

/** `warden policy compare`: what the second argument's documents allow that the first one's do not. */
export const comparePolicies = (before: string, after: string, flags: CompareFlags): Outcome => {
  if (before === "-" && after === "-") return badInput("only one of the two documents can come from standard input");
  const forced = flags.trust ? "trust" : undefined;
  const was = readPolicyInput(before, forced);
  if (!was.ok) return badInput(was.error);
  const is = readPolicyInput(after, forced);
  if (!is.ok) return badInput(is.error);
  const kind = kindOf([was.value, is.value], forced);
  if (!kind.ok) return badInput(kind.error);
  const unclear = [...was.value.unclear, ...is.value.unclear];
  const comparison =
    unclear.length > 0
      ? undecided(unclear)
      : compareDocuments(was.value.documents, is.value.documents, { kind: kind.value });
  const difference =
    kind.value !== "trust"
      ? undefined
      : unclear.length > 0
        ? unclearDifference(unclear)
        : trustStepsBetween(was.value.documents, is.value.documents, flags.account);
  const language = flags.lang ?? "en";
  const reasons = unclear.length > 0 ? unclear : comparison.because === undefined ? [] : [comparison.because];
  const shown = flags.json
    ? asJson(jsonOf(comparison, difference))
    : [textOf({ ...comparison, reasons }, was.value, is.value, language), ...inWords(difference, language)].join("\n");
  return { exit: comparison.result === "no-new-access" ? 0 : 1, out: shown };
};

const undecided = (because: readonly string[]): Comparison => ({
  result: "undecided",
  recommended: "undecided",
  exact: false,
  ambiguous: [],
  because: because.join("; "),
  steps: 0,
});

const unclearDifference = (because: readonly string[]): TrustDifference => ({
  steps: [],
  exact: false,
  undecided: because.join("; "),
});

const newAccess: { readonly [result in ComparisonResult]: boolean | null } = {
  "new-access": true,
  "no-new-access": false,
  undecided: null,
};

/**
 * The machine's form; what is not there is null. The reasons are there where an answer is not certain; for trust
 * documents there is the difference in words, in both languages.
 */
const jsonOf = (comparison: Comparison, difference: TrustDifference | undefined): object => ({
  result: comparison.result,
  newAccess: newAccess[comparison.result],
  exact: comparison.exact,
  ambiguous: comparison.ambiguous,
  witness: comparison.witness ?? null,
  allowedBy: comparison.allowedBy ?? null,
  noLongerDeniedBy: comparison.noLongerDeniedBy ?? null,
  ...(comparison.result === "undecided" ? { because: comparison.because ?? "unknown reason" } : {}),
  ...(comparison.result === "undecided" || comparison.exact ? {} : { inexactBecause: comparison.inexactBecause ?? [] }),
  ...(difference === undefined ? {} : { trustDifference: difference }),
});

const words = {
  en: {
    heads: {
      "new-access": "new access: something is allowed now that was not",
      "no-new-access": "no new access: everything that is allowed now was allowed before",
      undecided: "undecided: treat it as new access",
    },
    readings: {
      A3: "how far a wildcard reaches in a resource name",
      A4: "whether a negated condition holds when its key is missing",
    },
    one: "for one",
    allowedBy: "allowed by",
    deniedBy: "denied until now by",
    because: "because",
    hangsOn: "hangs on",
    exact: "exact",
    yes: "yes",
    no: "no",
    colon: ": ",
    semicolon: "; ",
    inWords: "in words",
    maybeMore: "there may be more, since",
  },
  "zh-CN": {
    heads: {
      "new-access": "有新增权限：现在允许了此前不允许的操作",
      "no-new-access": "无新增权限：现在允许的操作此前均已允许",
      undecided: "无法判定：请按新增权限处理",
    },
    readings: {
      A3: "资源名称中通配符的匹配范围",
      A4: "条件键缺失时否定条件是否成立",
    },
    one: "示例请求",
    allowedBy: "允许来源",
    deniedBy: "此前的拒绝来源",
    because: "原因",
    hangsOn: "取决于",
    exact: "精确",
    yes: "是",
    no: "否",
    colon: "：",
    semicolon: "；",
    inWords: "变化说明",
    maybeMore: "可能还有更多，原因",
  },
} as const;

type Reasoned = Comparison & { readonly reasons: readonly string[] };

const textOf = (comparison: Reasoned, before: PolicyInput, after: PolicyInput, language: Language): string => {
  const { witness, allowedBy, noLongerDeniedBy, reasons, inexactBecause, ambiguous } = comparison;
  const say = words[language];
  const reason = reasonText(language);
  const rows: (readonly [string, string])[] = [];
  if (witness !== undefined) rows.push([say.one, requestText(witness)]);
  if (allowedBy !== undefined) rows.push([say.allowedBy, place(allowedBy, after)[language]]);
  if (noLongerDeniedBy !== undefined) rows.push([say.deniedBy, place(noLongerDeniedBy, before)[language]]);
  if (reasons.length > 0) rows.push([say.because, reasons.map(reason).join(say.semicolon)]);
  for (const reading of ambiguous) rows.push([say.hangsOn, say.readings[reading]]);
  if (comparison.result !== "undecided") {
    const why = inexactBecause === undefined ? "" : `${say.colon}${inexactBecause.map(reason).join(say.semicolon)}`;
    rows.push([say.exact, comparison.exact ? say.yes : `${say.no}${why}`]);
  }
  return [say.heads[comparison.result], ...table(rows)].join("\n");
};

const inWords = (difference: TrustDifference | undefined, language: Language): readonly string[] => {
  const { steps, undecided } = difference ?? { steps: [] };
  if (steps.length === 0) return [];
  const { inWords, maybeMore } = words[language];
  return [
    "",
    inWords,
    ...table(steps.map((step) => [severityWords[language][step.severity], step.sentence[language]])),
    ...(undecided === undefined ? [] : table([[maybeMore, reasonText(language)(undecided)]])),
  ];
};

/** Counted from 1, as people do; the machine's form counts from 0. */
const place = ({ document, statement, sid }: StatementRef, { documents, name }: PolicyInput): Bilingual => {
  const several = documents.length > 1;
  const named = name === standardInput.en ? standardInput : { en: name, "zh-CN": `${name} ` };
  return {
    en: `statement ${statement + 1}${sid === undefined ? "" : ` (${sid})`}${several ? ` of document ${document + 1}` : ""} of ${named.en}`,
    "zh-CN": `${named["zh-CN"]}${several ? `的第 ${document + 1} 个文档` : ""}的第 ${statement + 1} 条语句${sid === undefined ? "" : `（${sid}）`}`,
  };
};
