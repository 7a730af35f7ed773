import { isPassing } from "./domain/cloud-error.ts";
import { moveCursor, readCursor } from "./ledger/cursors.ts";
import type { Incident } from "./ledger/incident.ts";
import { rowKey } from "./ledger/keys.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { rows } from "./ledger/ledger.ts";
import { stateDigest } from "./operations/state-digest.ts";
import type { World } from "./ports/world.ts";
import { asItWaits } from "./response/approve.ts";
import { reminderMessage } from "./response/messages/reminder-message.ts";
import { openForOf, openTimes } from "./response/open-for.ts";
import { tell } from "./response/tell.ts";
import type { Settings } from "./settings.ts";
import type { Tick } from "./sweep-tick.ts";

/** Up to which incident, in order of time, nobody is to be reminded any more. */
type Reminded = { readonly after: string };

/**
 * Reminds once of each question that nobody answered in its time: what was asked about stays as it is, told and not
 * written to. Nothing is said where it is not so any more. Answers how many were told.
 */
export const remindOfQuestions = async (
  world: World,
  settings: Settings,
  ledger: Ledger,
  tick: Tick,
): Promise<{ readonly reminded: number }> => {
  let reminded = 0;
  for (const openForMs of openTimes(settings.approvals))
    reminded += await remindOfThoseOpenFor(openForMs, world, settings, ledger, tick);
  return { reminded };
};

/** Those of one time alone: by that the order of the questions is the order in which their time is over. */
const remindOfThoseOpenFor = async (
  openForMs: number,
  world: World,
  settings: Settings,
  ledger: Ledger,
  tick: Tick,
): Promise<number> => {
  const { state, clock, accountId } = world;
  const name = openForMs === settings.approvals.openForMs ? "questions" : `questions-${openForMs}`;
  const cursor = await readCursor<Reminded>(state, accountId, name);
  let mark = cursor.place?.after;
  let reminded = 0;
  let isRead = true;
  const after = mark === undefined ? undefined : rowKey("incident", accountId, mark);
  for await (const { value } of rows(state, rowKey("incident", accountId, ""), after)) {
    const incident = value as unknown as Incident;
    // Their ids are in order of time.
    if (!tick.isTime() || clock.now() - incident.openedAt <= openForMs) break;
    const isOfTime = openForOf(settings.approvals, incident) === openForMs;
    const look = async () => stillStands(world, await asItWaits(ledger, incident));
    const stands = isOfTime && (await tick.contained("looking at an open question", look, true));
    if (stands === true) {
      await tell(world, reminderMessage(incident, openForMs, settings.telling));
      reminded += 1;
    }
    // One that cannot be read now is come back to, and keeps no other from being told.
    isRead &&= stands !== undefined;
    if (isRead) mark = incident.id;
  }
  if (mark !== undefined && mark !== cursor.place?.after)
    await moveCursor<Reminded>(state, accountId, name, cursor, { after: mark });
  return reminded;
};

/** Whether a question is open and what it is about is as it was; undefined where that cannot be told now. */
const stillStands = async (
  world: Pick<World, "read">,
  { outcome, decided, remediation }: Incident,
): Promise<boolean | undefined> => {
  if (outcome?.kind !== "asked" || decided !== undefined || remediation === undefined) return false;
  const live = await world.read(remediation.subject);
  if (live.ok) return stateDigest(live.value) === remediation.expects;
  return isPassing(live.error) ? undefined : true;
};
