import * as z from "zod";
import { chains } from "./chains/registry.ts";
import { checks } from "./checks/registry.ts";
import type { Exemption } from "./domain/exemption.ts";
import { longestExemptionDays, longestExemptionMs } from "./domain/exemption.ts";
import { subjectKinds } from "./domain/kinds.ts";
import { hasWildcard, standsFor } from "./domain/name-pattern.ts";
import { rolesInLowerCase } from "./planning/exemptions.ts";
import { rules } from "./rules/registry.ts";

const dayMs = 86_400_000;

/** Nobody reads more of them, and a file that is longer was made by mistake. */
const mostExemptions = 20_000;

/** Segments of a subject that are words of ours and narrow nothing by themselves. */
const ownWords: readonly string[] = ["user", "group", "role", "System", "Custom", "account", "id", "name"];

/** What is left of a pattern that tells one name from another. */
const namesSomething = (segments: readonly string[]): boolean =>
  segments.some((segment) => !ownWords.includes(segment) && /[\p{L}\p{N}]/u.test(segment));

/** Names that nobody gave to anything, with every letter and figure: a pattern that stands for one of them stands for too much. */
const nobodys: readonly string[] = [
  "q7xz-jkvw3.bfyg9_phmd5ctrn1lsea8uoi204x6q",
  "Q7XZ-JKVW3.BFYG9_PHMD5CTRN1LSEA8UOI204X6Q",
];

/** How a subject that is nobody's may be keyed. */
const nobodysSubjects = (kind: string): readonly string[] =>
  nobodys.flatMap((name) => [
    ...[name, `LTAI5t${name}`, `cp-${name}`, `rg-${name}`, `1987654320${name}`].flatMap((one) => [
      `${kind}/${one}`,
      `${kind}/${one}/${one}`,
    ]),
    ...["user", "group", "role"].flatMap((holder) => [
      `${kind}/${holder}/${name}`,
      `${kind}/${holder}/name/${name}`,
      `${kind}/${holder}/id/${name}`,
      ...["System", "Custom"].flatMap((type) =>
        ["account", `rg-${name}`].map((scope) => `${kind}/${holder}/${name}/${type}/${name}/${scope}`),
      ),
    ]),
  ]);

const nobodysActors: readonly string[] = nobodys.flatMap((name) => [
  ...["user", "role"].map((kind) => `${kind}/${name}`),
  ...[".aliyuncs.com", ".aliyun.com"].map((domain) => `service/${name.toLowerCase()}${domain}`),
]);

const standsForNobodys = (pattern: string, names: readonly string[]): boolean => {
  const kept = rolesInLowerCase(pattern);
  return names.some((name) => standsFor(kept, name));
};

/** Why a text is no pattern of subjects; undefined where it is one. */
const subjectProblem = (text: string): string | undefined => {
  const [kind = "", ...rest] = text.split("/");
  if (/[*?]/.test(kind) || !subjectKinds.some((known) => known === kind) || rest.join("") === "")
    return `a subject reads \`KIND/NAME\`, such as \`role-trust/deploy-*\`; the kinds are ${subjectKinds.map((one) => `\`${one}\``).join(", ")}`;
  if (hasWildcard(text) && (!namesSomething(rest) || standsForNobodys(text, nobodysSubjects(kind))))
    return "this pattern stands for everything of its kind: name at least part of what is exempt";
  return undefined;
};

const actorForm = /^(?:(?:\d{1,20}:)?(?:root|(?:user|role)\/[A-Za-z0-9._*?-]{1,64})|service\/[a-z0-9.*?-]{1,100})$/;

const actorProblem = (text: string): string | undefined => {
  if (!actorForm.test(text))
    return "an actor reads `user/NAME`, `role/NAME`, `root` or `service/NAME`; one of another account has its id before it, `ACCOUNT:role/NAME`";
  const name = text.replace(/^\d+:/, "");
  if (hasWildcard(text) && (!namesSomething(name.split("/").slice(1)) || standsForNobodys(name, nobodysActors)))
    return "this pattern stands for everybody of its kind: name at least part of who is meant";
  return undefined;
};

const checked = (problemOf: (text: string) => string | undefined) =>
  z
    .string()
    .max(500, "has more than 500 characters")
    .superRefine((text, context) => {
      const message = problemOf(text);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    })
    .transform(rolesInLowerCase);

const line = (what: string, most: number) =>
  z
    .string({ error: `${what} is text: put it in quotes` })
    .trim()
    .min(1, `${what} must not be empty`)
    .max(most, `${what} has at most ${most} characters`);

/** `2027-02-30` is read as a day of March by some parsers. */
const isDay = (text: string): boolean => {
  const at = Date.parse(text.slice(0, 10));
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text.slice(0, 10));
};

const instantForm = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$/;

/** A day, or an instant with its zone, as epoch milliseconds; a day as its first moment in UTC, or the first after it. */
const instant = (end: boolean) =>
  z
    .string({ error: "a time is text, such as `2027-03-01`" })
    .refine(
      (text) => instantForm.test(text) && isDay(text) && !Number.isNaN(Date.parse(text)),
      "a time is a day, `2027-03-01`, or an instant with its zone, `2027-03-01T18:00:00+08:00`",
    )
    .transform((text) => Date.parse(text) + (end && text.length === 10 ? dayMs : 0));

const ruleIds = new Set<string>([...rules, ...chains, ...checks].map(({ id }) => id));

/** The members of an exemption, without what holds between them. */
const exemptionShape = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "an id has 1 to 64 letters, digits, points, hyphens or `_`")
    .describe("by which it is named in what is said; no other exemption has it"),
  rules: z
    .array(z.string().refine((id) => ruleIds.has(id), "there is no such rule; `warden rules` lists them"))
    .min(1, "names no rule")
    .refine((ids) => new Set(ids).size === ids.length, "names a rule twice")
    .describe("the rules whose findings are exempt, each by its whole id"),
  subject: checked(subjectProblem)
    .optional()
    .describe(
      "a pattern of what is exempt, whole from end to end, such as `role-trust/deploy-*`; `*` and `?` stand for any letters",
    ),
  actor: checked(actorProblem)
    .optional()
    .describe("a pattern of whose changes are exempt, such as `role/terraform`; anybody's unless given"),
  change: z
    .string({ error: "a change is text: put it in quotes" })
    .regex(/^[0-9a-f]{32}$/, "a change is the digest of 32 letters that `warden exempt grant --incident` gives")
    .optional()
    .describe("the one state that is exempt, by its digest"),
  owner: line("an owner", 100).describe("who answers for it"),
  reason: line("a reason", 500),
  ticket: line("a ticket", 100).optional(),
  from: instant(false).describe("the day, or the instant, from which it is in force"),
  until: instant(true).describe(
    `the last day, or the instant at which it is over; at most ${longestExemptionDays} days after \`from\``,
  ),
});

/** One exemption, as a file or the command line gives it. */
export const exemptionSchema = exemptionShape.superRefine(({ subject, actor, change, from, until }, context) => {
  const wrong = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
  if (subject === undefined && actor === undefined && change === undefined)
    wrong("rules", "this exempts everything that the rules find: give a `subject`, an `actor` or a `change`");
  if (until <= from) wrong("until", "it is over before it begins: `until` is to be after `from`");
  else if (until - from > longestExemptionMs + dayMs)
    wrong("until", `an exemption lasts at most ${longestExemptionDays} days from its \`from\``);
});

/** The file beside `warden.yaml`. */
export const exemptionsSchema = z
  .strictObject({
    exemptions: z
      .array(exemptionSchema)
      .max(mostExemptions, `has more than ${mostExemptions} exemptions`)
      .describe("each says that what a rule finds is known, who answers for it, and until when"),
  })
  .superRefine(({ exemptions }, context) => {
    const seen = new Set<string>();
    for (const [index, { id }] of exemptions.entries()) {
      if (seen.has(id))
        context.addIssue({
          code: "custom",
          path: ["exemptions", index, "id"],
          message: "another exemption has this id",
        });
      seen.add(id);
    }
  });

type Read = z.output<typeof exemptionSchema>;

/** What was read, as the core knows it: members that are not there are left out. */
export const exemptionOf = ({ subject, actor, change, ticket, rules: ids, ...rest }: Read): Exemption => ({
  ...rest,
  rules: ids as Exemption["rules"],
  ...(subject === undefined ? {} : { subject }),
  ...(actor === undefined ? {} : { actor }),
  ...(change === undefined ? {} : { change }),
  ...(ticket === undefined ? {} : { ticket }),
});

/** The JSON Schema of the file, for editors. What its patterns and times may be is checked when it is read. */
export const exemptionsJsonSchema = (): object => ({
  ...z.toJSONSchema(exemptionsSchema, { io: "input" }),
  title: "exemptions.yaml",
  description: "Findings of RAM Warden that are known, who answers for each, and until when",
});
