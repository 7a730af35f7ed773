import pc from "picocolors";
import type { DingtalkStandIn, Sandbox } from "../../sandbox/index.ts";
import type { Decision } from "../../shared/domain/decision.ts";
import type { Ledger } from "../../shared/ledger/ledger.ts";
import type { Receipt } from "../../shared/pipeline.ts";
import { print, safe } from "../output.ts";
import { dingtalkText, showDingtalk, showIncident } from "./show.ts";

export type News = {
  /** Shows what became of an invocation, each change once and after what was shown before. */
  readonly show: (receipt: Receipt) => void;
  /** Shows the messages that belong to nothing that was shown: digests, and what a channel took late. */
  readonly showRest: () => void;
  /** From here on the changes are the reader's own: each is set apart from the one before it. */
  readonly goLive: () => void;
  /** Resolves when all is shown that was asked for so far. */
  readonly shown: () => Promise<void>;
};

/** A message whose incident is not shown by then stands alone. */
const longestWaitMs = 5_000;

/**
 * What `npm start` prints while it guards. Invocations overlap, so each incident is shown as one block, with the messages
 * that name it, whenever and by whichever invocation they were sent.
 */
export const newsOf = (sandbox: Sandbox, robot: DingtalkStandIn, ledger: Ledger): News => {
  const seen = new Set<string>();
  const printed = new Set<number>();
  let live = false;
  let showing: Promise<void> = Promise.resolve();

  const apart = (title: string): void => {
    if (!live) return;
    print();
    print(`${pc.bold(new Date().toTimeString().slice(0, 8))} ${title}`);
  };

  const calledAt = (requestId: string | undefined): number | undefined =>
    sandbox.calls.list().find((call) => call.requestId === requestId)?.at;

  /** How many were shown. */
  const showMessages = (isMeant: (text: string, at: number) => boolean): number => {
    const before = printed.size;
    for (const [index, { body, receivedAt: at }] of robot.messages().entries()) {
      if (printed.has(index) || !isMeant(dingtalkText(body), at)) continue;
      printed.add(index);
      showDingtalk(body);
    }
    return printed.size - before;
  };

  /** Another invocation may be sending what belongs to an incident: its turn is waited for, a little. */
  const showMessagesOf = async (incidentId: string, tries: number): Promise<void> => {
    const foot = new RegExp(`^\\S+ ${incidentId}\\s*$`, "m");
    for (let left = tries; showMessages((text) => foot.test(text)) === 0 && left > 0; left -= 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  const showDecision = async ({ eventId, operation, subject, outcome, incidentId, note }: Decision): Promise<void> => {
    // An event may be delivered twice at once, and a change that breaks no rule needs no lease.
    const key = `${eventId}/${operation}/${subject.text}`;
    if (seen.has(key)) return;
    seen.add(key);
    const incident = incidentId === undefined ? undefined : await ledger.incident(incidentId);
    apart(`${operation}: ${safe(subject.text)}`);
    if (incident !== undefined && outcome !== "clear") showIncident(incident, calledAt(incident.events[0]?.requestId));
    else {
      const said = incidentId === undefined ? "breaks no rule" : safe(note ?? `belongs to incident ${incidentId}`);
      print(`  ${pc.dim(`${operation}: ${safe(subject.text)} ${said}`)}`);
    }
    // What an incident dealt with before its event came is told only where it adds something.
    if (incident !== undefined) await showMessagesOf(incident.id, outcome === "clear" ? 0 : 10);
  };

  return {
    show: ({ decisions }) => {
      showing = showing.then(async () => {
        for (const decision of decisions) await showDecision(decision);
      });
    },
    showRest: () => {
      showing = showing.then(() => {
        const before = Date.now() - longestWaitMs;
        const waits = robot.messages().some(({ receivedAt }, index) => !printed.has(index) && receivedAt < before);
        if (waits) apart("told besides");
        showMessages((_, at) => at < before);
      });
    },
    goLive: () => {
      live = true;
    },
    shown: () => showing,
  };
};
