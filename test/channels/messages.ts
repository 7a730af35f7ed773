import fc from "fast-check";
import type { Severity } from "../../shared/domain/finding.ts";
import type { Message, Span } from "../../shared/domain/message.ts";

/** A message as the telling of an incident makes it. */
export const message = (over: Partial<Message> = {}): Message => ({
  id: "0198e0c2-6f00-7000-8000-000000000001",
  incidentId: "0198e0c2-6f00-7000-8000-0000000000aa",
  severity: "high",
  title: ["trust policy of role ", { untrusted: "deploy" }, " lets everyone in"],
  fields: [
    { label: "Who", value: ["user ", { untrusted: "alice" }] },
    { label: "What was done", value: ["put back"] },
  ],
  data: { role: "deploy", actor: "alice" },
  ...over,
});

/** Pieces that mean something to markdown, chat clients or terminals. */
export const hostile = [
  "](http://evil.example)",
  "[Approve](dtmd://dingtalkclient/sendMessage?content=ok)",
  "![x](http://evil.example/p.png)",
  "<@all>",
  "<!channel>",
  "<font color=red>",
  "@13800000000",
  "**",
  "__b__",
  "~~",
  "`x`",
  "\n# title",
  "\r\n> quote",
  "\n- item",
  "\u2028",
  "\u202e",
  "\u200b",
  "\u2066",
  "\ufeff",
  "\u001b[2J",
  "\u009b1A",
  "\u0000",
  "\u061c",
  ":\u200b//",
  ":\u0001//",
  "」",
  "「",
  "\ud800",
  "😀",
  "角色",
  "&lt;",
  "\\",
  "e\u0301\u0301\u0301\u0301\u0301\u0301",
  "dtmd://x",
  "a_b",
  "|",
];

export const hostileName: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: "binary", maxLength: 8 }), fc.string({ maxLength: 8 })),
    {
      maxLength: 40,
    },
  )
  .map((parts) => parts.join(""));

const ours = fc.constantFrom("trust of role ", " now allows ", "策略", " was put back", "");
const spans = fc.array(
  fc.oneof(
    ours,
    hostileName.map((untrusted): Span => ({ untrusted })),
  ),
  { maxLength: 6 },
);

export const anyMessage: fc.Arbitrary<Message> = fc.record({
  id: fc.uuid(),
  incidentId: fc.uuid(),
  severity: fc.constantFrom<Severity>("critical", "high", "medium", "low", "info"),
  title: spans,
  fields: fc.array(fc.record({ label: fc.constantFrom("Who", "操作者"), value: spans }), { maxLength: 12 }),
  data: fc.constant({}),
});

/** What must not come out of a name in any text that a person or a client reads: controls, bidi and zero-width characters. */
export const unsafeCharacters = /[\p{Cc}\p{Cs}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;
