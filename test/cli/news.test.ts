import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { News } from "../../cli/start/news.ts";
import { newsOf } from "../../cli/start/news.ts";
import type { DingtalkStandIn, Sandbox } from "../../sandbox/index.ts";
import type { Decision } from "../../shared/domain/decision.ts";
import type { Incident } from "../../shared/ledger/incident.ts";
import type { Ledger } from "../../shared/ledger/ledger.ts";

let out: string;
let messages: { receivedAt: number; body: unknown }[];
let news: News;

const subject = { kind: "role-trust", accountId: "1", roleName: "job", route: "Ram" } as const;
const incident = (id: string): Incident => ({
  id,
  accountId: "1",
  openedAt: 1,
  settledAt: 2,
  status: "settled",
  events: [],
  actor: { kind: "user", accountId: "1", name: `maker-of-${id}` },
  subject,
  findings: [],
  response: "revert",
  outcome: { kind: "reverted" },
  callsMade: [],
});
const decision = (eventId: string, more: Partial<Decision> = {}): Decision => ({
  eventId,
  operation: "Ram.UpdateRole",
  subject: { ...subject, text: `trust policy of ${eventId}` },
  outcome: "reverted",
  findings: [],
  plan: { response: "revert", because: null, calls: [] },
  ...more,
});
const receipt = (...decisions: readonly Decision[]) => ({ decisions, passedOver: [], refusals: [], deferred: [] });
const message = (incidentId: string, headline: string): void =>
  void messages.push({
    receivedAt: Date.now(),
    body: {
      markdown: { title: "cut…", text: `#### ${headline}\n\n- **Who**: x\n\nIncident ${incidentId}  \nMessage m` },
    },
  });

beforeEach(() => {
  out = "";
  messages = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  news = newsOf(
    { calls: { list: () => [] } } as unknown as Sandbox,
    { messages: () => messages } as unknown as DingtalkStandIn,
    { incident: async (id: string) => incident(id) } as unknown as Ledger,
  );
});
afterEach(() => void vi.restoreAllMocks());

const places = (...texts: readonly string[]): readonly number[] => texts.map((text) => out.indexOf(text));
const rising = (numbers: readonly number[]): boolean =>
  numbers.every((one, at) => one >= 0 && (at === 0 || one > (numbers[at - 1] ?? 0)));

test("each incident is one block, with the messages that name it, whoever sent them", async () => {
  message("two", "of the second, with a whole title");
  message("one", "of the first");
  news.show(receipt(decision("a", { incidentId: "one" })));
  news.show(receipt(decision("b", { incidentId: "two" })));
  await news.shown();
  expect(rising(places("maker-of-one", "of the first", "maker-of-two", "of the second, with a whole title"))).toBe(
    true,
  );
  expect(out).not.toContain("cut…");
});

test("one change is shown once, however often its event was handled at once", async () => {
  const clear = decision("a", { outcome: "clear", note: "complies by the event alone" });
  news.show(receipt(clear));
  news.show(receipt(clear));
  await news.shown();
  expect(out.split("breaks no rule")).toHaveLength(2);
});

test("what an incident dealt with is not said to break no rule", async () => {
  message("one", "by another change as well");
  news.show(receipt(decision("a", { outcome: "clear", incidentId: "one", note: "dealt with by incident one" })));
  await news.shown();
  expect(out).not.toContain("breaks no rule");
  expect(rising(places("dealt with by incident one", "by another change as well"))).toBe(true);
});

test("the reader's own changes are set apart from each other", async () => {
  news.show(receipt(decision("a", { outcome: "clear" })));
  await news.shown();
  expect(out).not.toMatch(/^\n/m);
  news.goLive();
  news.show(receipt(decision("b", { outcome: "clear" }), decision("c", { outcome: "clear" })));
  await news.shown();
  expect(out.match(/^$/gm)).toHaveLength(3);
  expect(out).toMatch(/\d\d:\d\d:\d\d.* Ram\.UpdateRole: trust policy of c/);
});

test("a message that belongs to nothing that was shown is shown by itself, a while later", async () => {
  message("elsewhere", "of another process");
  news.showRest();
  await news.shown();
  expect(out).toBe("");
  const [first] = messages;
  if (first !== undefined) first.receivedAt -= 60_000;
  news.showRest();
  news.showRest();
  await news.shown();
  expect(out.split("of another process")).toHaveLength(2);
});
