import * as z from "zod";
import type { Decision } from "../shared/domain/decision.ts";
import { subjectKinds } from "../shared/domain/kinds.ts";
import { services } from "../shared/domain/operation-id.ts";
import type { OutcomeKind, ReasonKind } from "../shared/domain/plan.ts";
import type { PassedOver, Refusal } from "../shared/domain/trail-event.ts";
import type { Judged } from "../shared/judge.ts";
import type { Receipt } from "../shared/pipeline.ts";
import { outcomeWords, reasonWords } from "../shared/response/messages/words.ts";

const keysOf = <Key extends string>(words: { readonly [key in Key]: string }): [Key, ...Key[]] =>
  Object.keys(words) as [Key, ...Key[]];

const outcome = z.enum(keysOf<OutcomeKind>(outcomeWords.en));
const reason = z.enum(keysOf<ReasonKind>(reasonWords.en));
const response = z.enum(["revert", "contain", "ask", "alert", "off"]);
const sentence = z.strictObject({ en: z.string(), "zh-CN": z.string() });

const evidence = z.strictObject({
  sentence: sentence.describe("one reason, in both languages; what came from outside stands in backticks"),
  facts: z.record(z.string(), z.string()).describe("the values behind the sentence, raw and exact"),
});

const finding = z.strictObject({
  rule: z
    .string()
    .regex(/^RAM\./)
    .describe("the rule's id, docs/rules/"),
  control: z.string().describe("the id in the catalogue of controls"),
  severity: z.enum(["critical", "high", "medium", "low", "info"]),
  verdict: z.enum(["violation", "undetermined"]).describe("`undetermined` is told and never written upon"),
  evidence: z.array(evidence).min(1),
  exemption: z
    .strictObject({
      id: z.string(),
      owner: z.string(),
      reason: z.string(),
      ticket: z.string().optional(),
      until: z.number().describe("the first moment at which it is over, epoch milliseconds"),
    })
    .optional()
    .describe("by whom the finding is let be, and until when: it is said, and not acted on"),
});

const call = z.strictObject({
  service: z.enum(services as [string, ...string[]]),
  operation: z.string(),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

const accountId = z.string();
const scope = z.union([z.literal("account"), z.strictObject({ resourceGroupId: z.string() })]);
const route = z
  .enum(["Ram", "Ims", "ResourceManager"])
  .describe("the service that made the change, by which it is put back");
const text = z.string().describe("the subject as a person reads it");

/** The kinds whose members are told one by one; the others name theirs as their reference does. */
const told = ["role-trust", "access-key", "grant"];

const subject = z.union([
  z.strictObject({ kind: z.literal("role-trust"), accountId, roleName: z.string(), route, text }),
  z.strictObject({
    kind: z.literal("access-key"),
    accountId,
    owner: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("user"), name: z.string() }),
      z
        .strictObject({ kind: z.literal("user-id"), id: z.string() })
        .describe("a user of whom the event tells the id alone"),
      z.strictObject({ kind: z.literal("root") }),
    ]),
    accessKeyId: z.string().optional().describe("absent when the event does not tell it"),
    createdAt: z.number().describe("epoch milliseconds"),
    text,
  }),
  z.strictObject({
    kind: z.literal("grant"),
    accountId,
    principal: z.strictObject({ kind: z.enum(["user", "group", "role"]), name: z.string() }),
    policy: z.strictObject({ type: z.enum(["System", "Custom"]), name: z.string() }),
    scope,
    route,
    principalName: z.string().optional().describe("the principal's full name, as the event gave it"),
    text,
  }),
  z
    .object({
      kind: z.enum(subjectKinds.filter((kind) => !told.includes(kind)) as [string, ...string[]]),
      accountId,
      route: z.enum(["Ram", "Ims", "ResourceManager"]),
      text,
    })
    .catchall(z.union([z.string(), z.boolean(), z.array(z.string())]))
    .describe("the parts that name it, such as `userName` and `groupName` of a membership"),
]);

const decision = z.strictObject({
  eventId: z.string(),
  operation: z.string().describe("service and operation, `Ram.UpdateRole`"),
  subject: subject.describe("what the change is about"),
  outcome: outcome.describe(
    "what was done; of `judge`, of `replay --dry-run` and of `backfill` without `--enforce`, what would be done by the `mode` of the settings where all goes well: `observed` in mode observe, else `reverted`, `contained` or `asked`, and `alerted` where nothing would be written",
  ),
  findings: z.array(finding),
  plan: z.strictObject({
    response: response.describe("the strongest response that the findings ask for and that nothing forbids"),
    because: z
      .strictObject({ kind: reason, detail: z.string() })
      .nullable()
      .describe("why the plan does less than the findings ask for; null when it does not"),
    calls: z
      .array(call)
      .describe("the exact calls, in their order; of a rule on trial those that it would make and does not"),
  }),
  incidentId: z.string().optional().describe("the incident in the ledger, where there is one"),
  note: z.string().optional(),
});

const whereSaid =
  "the record's place in the input: the file as it was given (`-` for stdin; of `backfill` the service and the page), then the path in it, `events.json:$[3]`";

const passedOver = z.strictObject({
  eventId: z.string().nullable().describe("null when the record has none"),
  operation: z.string().nullable().describe("null when the record names none"),
  reason: z.string(),
  where: z
    .string()
    .optional()
    .describe(
      `${whereSaid}; absent for an event that was understood and then passed over for what it is about or for what was done before, which its \`eventId\` names`,
    ),
});

const refusal = z.strictObject({
  where: z.string().describe(`${whereSaid}; of a file that cannot be read, the file alone`),
  reason: z.string(),
});

const judgedJson = z.strictObject({
  decisions: z.array(decision).describe("events that were judged, in the order of the input"),
  passedOver: z.array(passedOver).describe("records that are no business of RAM Warden's, and why"),
  refusals: z.array(refusal).describe("records that could not be understood"),
});

const receiptJson = judgedJson.extend({
  deferred: z
    .array(
      z.strictObject({
        eventId: z.string(),
        because: z.string(),
        retryAfterMs: z.number().optional().describe("milliseconds after which it is worth while to try again"),
      }),
    )
    .describe("events that could not be dealt with now and can be later; empty where events are only judged"),
});

export type JudgedJson = z.output<typeof judgedJson>;

/** The JSON Schema of what `warden judge --json` prints. */
export const judgedJsonSchema = (): object => ({
  ...z.toJSONSchema(judgedJson, { io: "input" }),
  title: "warden judge --json",
  description: "What recorded events mean: every record of the input is in exactly one of the three lists",
});

/** The JSON Schema of what `warden replay --json` and `warden backfill --json` print. */
export const receiptJsonSchema = (): object => ({
  ...z.toJSONSchema(receiptJson, { io: "input" }),
  title: "warden replay --json, warden backfill --json",
  description: "What became of recorded events, or would: every record of the input is in exactly one of the lists",
});

type PassedOverJson = JudgedJson["passedOver"][number];

const passedOverOf = ({ eventId, operation, reason, where }: PassedOver): PassedOverJson => ({
  eventId: eventId ?? null,
  operation: operation ?? null,
  reason,
  ...(where === "" ? {} : { where }),
});

type Printed = {
  readonly decisions: readonly Decision[];
  readonly passedOver: readonly PassedOverJson[];
  readonly refusals: readonly Omit<Refusal, "write">[];
};

/** What `judge` prints for machines: as it was judged, less what is for the pipeline alone. */
export const judgedAsJson = ({ decisions, passedOver, refusals }: Judged): Printed => ({
  decisions,
  passedOver: passedOver.map(passedOverOf),
  refusals: refusals.map(({ where, reason }) => ({ where, reason })),
});

/** The same for `replay` and `backfill`, with what has to be tried again. */
export const receiptAsJson = (receipt: Receipt): Printed & Pick<Receipt, "deferred"> => ({
  ...judgedAsJson(receipt),
  deferred: receipt.deferred.map(({ eventId, because, retryAfterMs }) => ({
    eventId,
    because,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })),
});
