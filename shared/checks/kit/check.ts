import type { Bilingual, Language, RuleId, Severity, Verdict } from "../../domain/finding.ts";
import type { RuleSettings } from "../../domain/settings.ts";
import type { Part, StandingKind, StandingOf } from "../../domain/standing.ts";
import type { SubjectRef } from "../../domain/subject.ts";
import type { UserTags } from "../../rules/kit/practices.ts";
import { classOf } from "../../rules/kit/practices.ts";
import type { RuleText } from "../../rules/kit/rule.ts";

/** What a check may know besides what it looks at. */
export type CheckFacts = {
  readonly settings: RuleSettings;
  /** The moment of the look, epoch milliseconds: a check reads no clock. */
  readonly asOf: number;
  /** What is one for the account; undefined where it was not looked at. */
  readonly account?: StandingOf<"account"> | undefined;
};

/** What a check found: of the thing that it looks at, unless it says of which part. */
export type Found = { readonly verdict: Verdict; readonly subject?: SubjectRef };

/**
 * Judges how one kind of thing stands, whoever made it so and whenever. A rule judges a change; what no single change
 * does, such as a key growing old, only a look at the account shows. A check never leads to a write.
 */
export type Check<Kind extends StandingKind = StandingKind> = {
  readonly id: RuleId;
  /** The id in the catalogue of controls. */
  readonly control: string;
  readonly severity: Severity;
  readonly looksAt: Kind;
  /** Whether it asks whose a user is, which tags may tell. */
  readonly needsTags?: true;
  readonly controls: {
    readonly cis?: readonly string[];
    readonly cloudConfig?: readonly string[];
    readonly attack?: readonly string[];
  };
  readonly references: readonly string[];
  readonly text: { readonly [language in Language]: RuleText };
  readonly judge: (standing: StandingOf<Kind>, facts: CheckFacts) => readonly Found[];
};

/** Narrows a check to the form in which the registry holds it, which hands it only what it looks at. */
export const defineCheck = <Kind extends StandingKind>(check: Check<Kind>): Check => check as unknown as Check;

export const titleOf = ({ text }: Check): Bilingual => ({ en: text.en.title, "zh-CN": text["zh-CN"].title });

export const fine: readonly Found[] = [];

export const broken = (
  sentence: Bilingual,
  facts: { readonly [name: string]: string },
  subject?: SubjectRef,
): readonly Found[] => [
  {
    verdict: { kind: "violation", evidence: [{ sentence, facts }] },
    ...(subject === undefined ? {} : { subject }),
  },
];

/** What could not be read decides nothing, and is not fine either: who runs the checks counts it, and names the call. */
export const notRead: readonly Found[] = [
  {
    verdict: {
      kind: "undetermined",
      because: { en: "what decides it could not be read", "zh-CN": "无法读取判定所需的信息" },
    },
  },
];

/** Judges by a part where it was read. */
export const whenRead = <Value>(part: Part<Value>, judge: (value: Value) => readonly Found[]): readonly Found[] =>
  part.read ? judge(part.value) : notRead;

/** Whether a user is a program's; undefined where its tags would tell and were not read. */
export const isProgram = (
  { user, tags }: Pick<StandingOf<"user">, "user" | "tags">,
  { settings }: CheckFacts,
): boolean | undefined => {
  const whose = classOf(user.userName, settings, tagsRead(tags));
  return whose === undefined ? undefined : whose === "service";
};

/** The tags of a user, where they were read. */
export const tagsRead = (tags: StandingOf<"user">["tags"]): UserTags => (tags?.read === true ? tags.value : undefined);

const dayMs = 86_400_000;

/** Whole days between two instants. */
export const daysBetween = (from: number, to: number): number => Math.floor((to - from) / dayMs);

/** An instant as a date. */
export const dateText = (at: number): string => new Date(at).toISOString().slice(0, 10);
