import * as z from "zod";
import type { ConfigProblem, FileForm } from "../../shared/config-problems.ts";
import { readSettingsFile, schemaProblems } from "../../shared/config-problems.ts";
import type { OutcomeKind, ReasonKind } from "../../shared/domain/plan.ts";
import type { Result } from "../../shared/domain/result.ts";
import { failed, ok } from "../../shared/domain/result.ts";
import { outcomeWords, reasonWords } from "../../shared/response/messages/words.ts";
import { rules } from "../../shared/rules/registry.ts";
import { changeSchema } from "./change.ts";

const keysOf = <Key extends string>(words: { readonly [key in Key]: string }): [Key, ...Key[]] =>
  Object.keys(words) as [Key, ...Key[]];

const rule = z.enum(rules.map(({ id }) => id) as [string, ...string[]]);
const texts = z.array(z.string().min(1)).min(1);

const finding = z.strictObject({
  rule,
  verdict: z.enum(["violation", "undetermined"]).default("violation"),
  evidence: texts.optional().describe("each is in one of the finding's sentences, in English or Chinese"),
  facts: z.record(z.string(), z.string()).optional().describe("each is among the facts of its evidence, exactly"),
  exempt: z.string().optional().describe("the id of the exemption that lets it be"),
});

const call = z.strictObject({
  call: z.string().regex(/^[A-Za-z]+\.[A-Za-z]+$/, "a call reads `Ram.UpdateRole`"),
  parameters: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .describe("each is among the call's parameters, exactly; a document is compared by what it says"),
});

const expectation = z
  .strictObject({
    outcome: z
      .enum(keysOf<OutcomeKind>(outcomeWords.en))
      .optional()
      .describe("what would be done, by the `mode` of the settings"),
    findings: z
      .array(
        z.union(
          [rule.transform((id) => ({ rule: id, verdict: "violation" as const })), finding],
          "a rule that there is, by its id, or a map of `rule` and what its finding says",
        ),
      )
      .optional()
      .describe("exactly these, in any order; empty for none"),
    response: z.enum(["revert", "contain", "ask", "alert", "off"]).optional(),
    because: z
      .enum([...keysOf<ReasonKind>(reasonWords.en), "nothing"])
      .optional()
      .describe("why less is done than the findings ask for; `nothing` where it is not"),
    calls: z.array(call).optional().describe("exactly these, in their order; empty for none"),
    message: z
      .strictObject({ en: texts.optional(), "zh-CN": texts.optional() })
      .optional()
      .describe("each text is in the message, in that language"),
  })
  .refine((given) => Object.keys(given).length > 0, "expects nothing");

const snapshot = z
  .union(
    [z.string().min(1), z.record(z.string(), z.unknown())],
    "a file beside this one, or an account snapshot written out",
  )
  .describe("an account, in the format of docs/snapshot.md");

const common = { name: z.string().min(1, "a test has a name"), expect: expectation };

const eventTest = z.strictObject({
  ...common,
  event: z
    .union(
      [z.string().min(1), z.record(z.string(), z.unknown()), z.array(z.unknown()).min(1)],
      "a file beside this one, or an event or a list of them",
    )
    .describe(
      "what is received, in any form that the guard takes; several are judged in order, and the last is looked at",
    ),
  before: snapshot.optional().describe("the account before it, whose states are those to go back to"),
  state: snapshot.optional().describe("the account as it stands now; as the event claims unless given"),
});

const changeTest = z.strictObject({
  ...common,
  change: changeSchema.describe("a subject before and after, in place of an event"),
});

const ruleTest = z.union([eventTest, changeTest]);

/** A file of rule tests. */
const ruleTestsSchema = z.strictObject({
  settings: z
    .string()
    .min(1)
    .optional()
    .describe("the settings to judge by, beside this file; warden.yaml, or `--config`, unless given"),
  tests: z.array(z.unknown()).min(1, "has no test").max(10_000),
});

export type EventTest = z.output<typeof eventTest>;
export type ChangeTest = z.output<typeof changeTest>;
export type RuleTest = { readonly line: number } & (EventTest | ChangeTest);
export type RuleTestFile = { readonly settings?: string; readonly tests: readonly RuleTest[] };

/** The JSON Schema of a file of rule tests, for editors. */
export const ruleTestsJsonSchema = (): object => ({
  ...z.toJSONSchema(ruleTestsSchema.extend({ tests: z.array(ruleTest).min(1) }), { io: "input" }),
  title: "a file of rule tests",
  description: "What RAM Warden is expected to make of events and changes: `warden rules test <dir>`",
});

/** Which of the two forms a test has is seen by what it gives, so that what is said of it is about that form alone. */
const formOf = (test: unknown) =>
  typeof test === "object" && test !== null && "change" in test
    ? { schema: changeTest, form: formFor(changeTest) }
    : { schema: eventTest, form: formFor(eventTest) };

const forms = new Map<z.ZodType, FileForm>();
const formFor = (schema: z.ZodType): FileForm => {
  const known = forms.get(schema);
  if (known !== undefined) return known;
  const wrapped = z.strictObject({ settings: z.string(), tests: z.array(schema) });
  const made: FileForm = { whole: "the file", schema: () => z.toJSONSchema(wrapped, { io: "input" }) };
  forms.set(schema, made);
  return made;
};

const fileForm: FileForm = { whole: "the file", schema: () => z.toJSONSchema(ruleTestsSchema, { io: "input" }) };

type Issue = z.core.$ZodIssue;

/** Of what may be one thing or another, what is wrong with the one that it came closest to. */
const closest = (issue: Issue): readonly Issue[] => {
  if (issue.code !== "invalid_union") return [issue];
  const near = issue.errors.find((list) =>
    list.some(({ path, code }) => path.length > 0 || code === "unrecognized_keys"),
  );
  return near === undefined
    ? [issue]
    : near.flatMap((inner) => closest({ ...inner, path: [...issue.path, ...inner.path] }));
};

/** Reads the text of a file of rule tests. Whatever is wrong is said with its line. */
export const readRuleTests = (text: string, file: string): Result<RuleTestFile, readonly ConfigProblem[]> => {
  const read = readSettingsFile(text, file);
  if (!read.ok) return read;
  const whole = ruleTestsSchema.safeParse(read.value.value, { reportInput: true });
  if (!whole.success) return failed(schemaProblems(whole.error.issues, read.value, fileForm));
  const problems: ConfigProblem[] = [];
  const tests: RuleTest[] = [];
  for (const [index, given] of whole.data.tests.entries()) {
    const { schema, form } = formOf(given);
    const parsed = schema.safeParse(given, { reportInput: true });
    if (parsed.success) tests.push({ ...parsed.data, line: read.value.lineOf(["tests", index]) ?? 1 });
    else {
      const issues = parsed.error.issues
        .flatMap(closest)
        .map((issue) => ({ ...issue, path: ["tests", index, ...issue.path] }));
      problems.push(...schemaProblems(issues, read.value, form));
    }
  }
  const seen = new Set<string>();
  for (const [index, test] of tests.entries()) {
    if (seen.has(test.name))
      problems.push(read.value.problem(["tests", index, "name"], "another test of this file has this name"));
    seen.add(test.name);
  }
  if (problems.length > 0) return failed(problems);
  const { settings } = whole.data;
  return ok({ tests, ...(settings === undefined ? {} : { settings }) });
};
