import type { Outcome } from "../domain/plan.ts";
import type { Mode, Telling } from "../domain/settings.ts";
import type { Incident } from "../ledger/incident.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { World } from "../ports/world.ts";
import { settle } from "./settle.ts";

/** How an incident ends that takes the place of a void question: it asks, or tells, and never writes. */
const outcomeOf = ({ remediation, response }: Incident, mode: Mode): Outcome => {
  if (remediation === undefined || response !== "ask") return { kind: "alerted" };
  return mode === "observe" ? { kind: "observed" } : { kind: "asked" };
};

/** Tells an incident that takes the place of a void question, and settles it. */
export const settleAnew = (
  world: World,
  ledger: Ledger,
  telling: Telling,
  incident: Incident,
  mode: Mode,
): Promise<Incident> =>
  settle(
    world,
    ledger,
    telling,
    incident.id,
    outcomeOf(incident, mode),
    `asks anew what incident ${incident.asksAnew ?? ""} asked, as the subject changed since`,
  );

/** Whether the question whose place an incident was to take says already that it is void for it. */
export const hasTakenPlace = async (ledger: Ledger, { id, asksAnew }: Incident): Promise<boolean> =>
  asksAnew !== undefined && (await ledger.incident(asksAnew))?.decided?.incidentId === id;
