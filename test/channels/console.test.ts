import fc from "fast-check";
import { expect, test } from "vitest";
import { consoleChannel } from "../../shared/channels/console.ts";
import { anyMessage, message, unsafeCharacters } from "./messages.ts";

const written = async (what: Parameters<ReturnType<typeof consoleChannel>["send"]>[0], colour = false) => {
  const lines: string[] = [];
  const outcome = await consoleChannel({ write: (line) => void lines.push(line), colour }).send(what);
  expect(outcome).toEqual({ kind: "sent" });
  return lines;
};

test("a message reads as a headline, its fields and the incident", async () => {
  expect(await written(message())).toEqual([
    "HIGH trust policy of role deploy lets everyone in",
    "  Who            user alice",
    "  What was done  put back",
    "  incident 0198e0c2-6f00-7000-8000-0000000000aa",
  ]);
});

test("our own texts may have several lines", async () => {
  const lines = await written(message({ fields: [{ label: "Calls", value: ["one\ntwo"] }] }));
  expect(lines.slice(1, 3)).toEqual(["  Calls  one", "         two"]);
});

test("only the severity is coloured, and only when asked for", async () => {
  const [headline] = await written(message({ severity: "critical" }), true);
  expect(headline?.startsWith("\u001b[1;31mCRITICAL\u001b[0m trust")).toBe(true);
});

test("no name adds a line or a character that a terminal obeys", async () => {
  await fc.assert(
    fc.asyncProperty(anyMessage, async (what) => {
      const lines = await written(what);
      expect(lines).toHaveLength(what.fields.length + 2);
      for (const line of lines) expect(line).not.toMatch(unsafeCharacters);
    }),
  );
});
