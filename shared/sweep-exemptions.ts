import { isSameState } from "./domain/digest.ts";
import type { Exemption } from "./domain/exemption.ts";
import { endsSoonMs, isInForce } from "./domain/exemption.ts";
import type { Reason } from "./domain/plan.ts";
import type { Subject } from "./domain/subject.ts";
import { allExemptions, exemptionPosture } from "./exempted.ts";
import { moveCursor, readCursor } from "./ledger/cursors.ts";
import type { LetBeRow } from "./ledger/exemptions.ts";
import { dropLetBe, letBeRows } from "./ledger/exemptions.ts";
import { handleOccasion } from "./pipeline.ts";
import { changedAgain } from "./planning/changed-since.ts";
import { documentForm } from "./policy/canonical.ts";
import type { World } from "./ports/world.ts";
import { exemptionEndsMessage } from "./response/messages/exemption-message.ts";
import { tell } from "./response/tell.ts";
import type { Settings } from "./settings.ts";
import type { OnReceipt } from "./sweep-catch-up.ts";
import { receiptOf } from "./sweep-catch-up.ts";
import type { Tick } from "./sweep-tick.ts";

/** What became of exemptions in one tick. */
export type ExemptionsSeen = {
  readonly inForce: number;
  /** Of which it was said that they end soon. */
  readonly warned: number;
  /** Subjects that were judged anew, as what let them be is over. */
  readonly judgedAnew: number;
  readonly problems: readonly string[];
};

/** Which ends were told of: each exemption with the end that was told, epoch milliseconds. */
type Warned = { readonly ends: { readonly [id: string]: number } };

/**
 * Says once of each exemption that it ends soon, and judges anew what was let be by one that is over, was taken back or is
 * not in the file any more. Where exemptions cannot be read, nothing counts as over.
 */
export const seeToExemptions = async (
  world: World,
  settings: Settings,
  tick: Tick,
  onReceipt: OnReceipt,
): Promise<ExemptionsSeen> => {
  const posture = await exemptionPosture(world, settings);
  const now = world.clock.now();
  const inForce = allExemptions(posture).filter((exemption) => isInForce(exemption, now));
  const warned = await warn(world, settings, inForce, now);
  const { problems } = posture;
  if (problems.length > 0) return { inForce: inForce.length, warned, judgedAnew: 0, problems };
  const ids = new Set(inForce.map(({ id }) => id));
  let judgedAnew = 0;
  for (const row of await letBeRows(world.state, world.accountId)) {
    if (!tick.isTime()) break;
    if (row.letBe.exemptions.every((id) => ids.has(id))) continue;
    const judge = () => judgeAnew(world, settings, row, onReceipt);
    if (await tick.contained("judging anew what was exempt", judge, false)) judgedAnew += 1;
  }
  return { inForce: inForce.length, warned, judgedAnew, problems };
};

/**
 * Why a person is to decide about what was let be: somebody changed it since, and what was before both knows nothing of
 * that. Only what the event's own call did is put back of a policy.
 */
const changedSinceLetBe = async (
  world: Pick<World, "read">,
  { event, left }: LetBeRow["letBe"],
): Promise<Reason | undefined> => {
  if (left === undefined || left.kind === "policy") return undefined;
  const now = await world.read(event.subject);
  // What cannot be read is judged no further.
  if (!now.ok || now.value.kind === "gone" || isAsLeft(left, now.value)) return undefined;
  return { kind: "changed-again", detail: changedAgain };
};

/** Of a role its trust alone is put back. */
const isAsLeft = (left: Subject, now: Subject): boolean =>
  left.kind === "role-trust" && now.kind === "role-trust"
    ? documentForm(left.document) === documentForm(now.document)
    : isSameState(left, now, documentForm);

const judgeAnew = async (world: World, settings: Settings, row: LetBeRow, onReceipt: OnReceipt): Promise<boolean> => {
  const { event, before } = row.letBe;
  const ask = await changedSinceLetBe(world, row.letBe);
  const known = ask === undefined ? { before } : { before, ask };
  const handled = await handleOccasion(world, settings, event, { evenIfDealtWith: true, ...known });
  if (handled.kind === "deferred") return false;
  if (handled.kind === "decided") onReceipt(receiptOf(handled.decision));
  await dropLetBe(world.state, row);
  return true;
};

const warn = async (world: World, settings: Settings, inForce: readonly Exemption[], now: number): Promise<number> => {
  const cursor = await readCursor<Warned>(world.state, world.accountId, "exemption-ends");
  const ends = cursor.place?.ends ?? {};
  const soon = inForce.filter(({ until }) => until - now <= endsSoonMs);
  const untold = soon.filter(({ id, until }) => ends[id] !== until);
  const isSame = untold.length === 0 && Object.keys(ends).length === soon.length;
  if (isSame) return 0;
  // Told before it is noted: whoever dies in between tells it again, which the outbox knows.
  for (const exemption of untold) await tell(world, exemptionEndsMessage(exemption, settings.telling));
  const next: Warned = { ends: Object.fromEntries(soon.map(({ id, until }) => [id, until])) };
  await moveCursor<Warned>(world.state, world.accountId, "exemption-ends", cursor, next);
  return untold.length;
};
