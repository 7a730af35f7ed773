import { subjectKey } from "../../../shared/domain/kinds.ts";
import type { Incident } from "../../../shared/ledger/incident.ts";
import { verifyLedger } from "../../../shared/ledger/verify.ts";
import type { CataloguedId } from "../../../shared/operations/catalogue.ts";
import { stateDigest } from "../../../shared/operations/state-digest.ts";
import { accountId } from "../../support/guarded-account.ts";
import type { Played } from "./play.ts";
import { differences, standingOf } from "./standing.ts";

/** What one write came to, for the counts. */
export type Came = { readonly operation: CataloguedId; readonly to: string };

const identityServices = ["Ram", "Ims", "ResourceManager"];

const actingWrites = ({ sandbox }: Played) =>
  sandbox.calls
    .list()
    .filter(
      ({ caller, service, status }) =>
        /^ram-warden-(acting|approving):/.test(caller) && identityServices.includes(service) && status === 200,
    );

const endOf = ({ outcome, because }: Incident): string =>
  because === undefined ? String(outcome?.kind) : `${outcome?.kind} (${because.kind})`;

/** Paths that the most reversible containment touches, though the write did not: what a user logs on or signs with. */
const contains = /^\.users\[[^\]]+\]\.(loginProfile\.status|(accessKeys|serviceCredentials)\[[^\]]+\]\.status)$/;

/** What the calls of an approval do not bring back, each with the reason that its message gives. */
const lost: { readonly [operation: string]: RegExp } = {
  // A role and a policy are made again by their document, without their tags and the role's console logon.
  DeleteRole: /^\.roles\[[^\]]+\]\.(tags|extra)/,
  DeletePolicy: /^\.policies\[[^\]]+\]\.tags/,
  // A user that Ram deleted is made again, bare; one from the recycle bin comes back without its logon and its links.
  DeleteUser:
    /^\.users\[[^\]]+\]\.(loginProfile|passkeys|publicKeys|recycledKeys|serviceCredentials|security|personalDingTalk|tags|lastLoginDate)|^\.attachments\[|^\.groups\[[^\]]+\]\.members|^\.mfaDevices/,
  // A user that is deleted by Ims goes to the recycle bin, and leaves its logon behind.
  CreateUser: /^\.recycledUsers\[/,
  BatchCreateUser: /^\.recycledUsers\[/,
  RestoreUserFromRecycleBin: /^\.recycledUsers\[[^\]]+\]\.(loginProfile|passkeys|personalDingTalk)/,
  // The bin holds three keys of a user: the fourth pushes the oldest out for ever.
  DeleteAccessKey: /^\.users\[[^\]]+\]\.recycledKeys/,
  // What is bound again waits for the person's own word.
  UnbindVerification: /^\.users\[[^\]]+\]\.security(Email|Phone)\.status/,
  SetVerificationInfo: /^\.users\[[^\]]+\]\.security(Email|Phone)\.status/,
};

/** Operations after which everybody's full name is another until they are put back: a plan from between cannot be sent. */
const renames = ["Ram.SetAccountAlias", "Ram.ClearAccountAlias", "Ims.SetDefaultDomain"];

/** An approved plan that another write of the story stands in the way of: it stops there, and that is told. */
const isInTheWay = /ended `(not-found` with code `EntityNotExists?\.|conflict`)/;

/** Writes that take an account out of the directory: no call about it is allowed any more. */
const removesAccount = "ResourceManager.RemoveCloudAccount";

/** Finds what is wrong with how a story ended; nothing where all is well. */
export const faultsOf = async (played: Played): Promise<readonly string[]> => {
  const faults: string[] = [];
  const incidents = await played.incidents();
  const byPlan = incidents.filter(({ approves }) => approves === undefined);
  const isSingle = played.attacks.length === 1;
  const [before, changed, settled, after] = (["before", "changed", "settled", "after"] as const).map((when) =>
    standingOf(played[when]),
  ) as [
    ReturnType<typeof standingOf>,
    ReturnType<typeof standingOf>,
    ReturnType<typeof standingOf>,
    ReturnType<typeof standingOf>,
  ];

  const isAccountGone = !isSingle && played.attacks.some(({ operation }) => operation === removesAccount);
  for (const one of incidents) {
    const kinds = isSingle
      ? ["reverted", "contained", "asked", "alerted"]
      : ["reverted", "contained", "asked", "alerted", "transient", "superseded"];
    const isRenamed = one.approves !== undefined && played.attacks.some(({ operation }) => renames.includes(operation));
    const isOfGone =
      !isSingle &&
      one.approves !== undefined &&
      one.outcome?.kind === "failed" &&
      (isInTheWay.test(one.outcome.because) || isAccountGone);
    if (one.status !== "settled" || !(kinds.includes(one.outcome?.kind ?? "") || isRenamed || isOfGone))
      faults.push(`${subjectKey(one.subject)} ended ${one.status} ${JSON.stringify(one.outcome)}`);
    if (["asked", "alerted"].includes(one.outcome?.kind ?? "") && one.because === undefined)
      faults.push(`${subjectKey(one.subject)} was ${one.outcome?.kind} without a reason`);
  }

  // By their ids too: one version that takes the place of another with the same text is a change all the same.
  const byId = (account: Played["before"]) => standingOf(account, "with ids");
  const paths = new Set(
    [played.before, ...played.steps].flatMap((account, place, all) => {
      const next = all[place + 1] ?? account;
      return [
        ...differences(standingOf(account), standingOf(next)),
        ...differences(byId(account), byId(next)).map((path) => path.replace(/\.versions\[.*/, ".versions")),
      ];
    }),
  );
  // Of a thing that came, went or bears another name all parts are touched.
  const isTouched = (path: string): boolean =>
    paths.has(path) || [...path.matchAll(/\]/g)].some(({ index }) => paths.has(path.slice(0, index + 1)));
  // Each subject is as it was, or an incident says why it is not.
  for (const subject of played.attacks.flatMap(({ subjects }) => subjects)) {
    const [then, now] = [await played.read("before", subject), await played.read("after", subject)];
    const same = then.ok && now.ok && stateDigest(then.value, true) === stateDigest(now.value, true);
    const events = played.attacks
      .filter((attack) => attack.subjects.includes(subject))
      .map(({ event }) => event.eventId);
    // What was judged under another name is told under that.
    const of = byPlan.filter(
      (one) =>
        subjectKey(one.subject) === subjectKey(subject) ||
        (one.subject.kind === subject.kind && one.events.some(({ eventId }) => events.includes(eventId))),
    );
    const explained = of.some(({ id, outcome, remediation }) =>
      outcome?.kind === "asked"
        ? played.approvals.some(({ incidentId }) => incidentId === id)
        : outcome?.kind === "alerted" ||
          outcome?.kind === "contained" ||
          // What is made again has another id: a control policy, and a version of a policy. The account itself is compared.
          remediation?.anew === "calls" ||
          subject.kind === "policy",
    );
    if (!same && !explained)
      faults.push(
        `${subjectKey(subject)} is not as it was, and nobody is told: ${JSON.stringify([then, now])}, ${of.map(endOf).join(", ")}`,
      );
  }

  // What no event speaks of has changed nothing.
  const isSpokenOf = byPlan.length > 0 || played.attacks.some(({ subjects }) => subjects.length > 0);
  if (paths.size > 0 && !isSpokenOf) faults.push(`changed, and no event says so: ${[...paths].join(", ")}`);

  // Nobody was asked or told in vain: what no plan wrote to stands as the write left it.
  const written = differences(changed, settled);
  const beyond = written.filter((path) => !isTouched(path) && !contains.test(path));
  if (beyond.length > 0) faults.push(`touched what the writes had not: ${beyond.join(", ")}`);
  if (
    !byPlan.some(({ outcome }) => outcome?.kind === "reverted" || outcome?.kind === "contained") &&
    written.length > 0
  )
    faults.push(`changed without an incident that says so: ${written.join(", ")}`);

  const refused = played.approvals.filter((one) => one.refused !== undefined);
  if (isSingle && refused.length > 0) faults.push(`approvals were refused: ${JSON.stringify(refused)}`);
  const whole = incidents.every(
    ({ outcome, id }) =>
      outcome?.kind === "reverted" ||
      outcome?.kind === "transient" ||
      (outcome?.kind === "asked" && played.approvals.some((one) => one.incidentId === id && one.refused === undefined)),
  );
  const left = differences(before, after).filter(
    (path) => !played.attacks.some(({ operation }) => lost[operation.split(".")[1] ?? ""]?.test(path)),
  );
  if (whole && left.length > 0)
    faults.push(
      `put back, and yet not as before: ${left.map((path) => `${path} was ${before.get(path)} is ${after.get(path)}`).join(", ")}`,
    );
  // A key that is out of use stays, also where it came back with its user from the recycle bin.
  const isContainedKey = (path: string): boolean =>
    byPlan.some(
      ({ outcome, after }) =>
        outcome?.kind === "contained" &&
        after?.kind === "access-key" &&
        path.includes(`.accessKeys[${after.accessKeyId}]`),
    );
  const stray = left.filter((path) => !isTouched(path) && !contains.test(path) && !isContainedKey(path));
  if (stray.length > 0) faults.push(`left what the writes had not made: ${stray.join(", ")}`);

  // Each write of ours has an incident with that very call.
  const calls = new Set(
    (await played.ledger.incidents()).flatMap(({ callsMade }) =>
      callsMade.map(({ call, requestId }) => `${requestId} ${call.service}.${call.operation}`),
    ),
  );
  for (const { requestId, service, operation } of actingWrites(played))
    if (!calls.has(`${requestId} ${service}.${operation}`)) faults.push(`${service}.${operation} is in no incident`);
  const denied = played.sandbox.calls.list().filter((one) => one.denied === true);
  for (const { caller, service, operation } of denied)
    if (caller.startsWith("ram-warden") && !isAccountGone) faults.push(`${caller} was denied ${service}.${operation}`);

  // A second run does nothing.
  const [writes, count] = [actingWrites(played).length, (await played.ledger.incidents()).length];
  const stands = standingOf(played.sandbox.dump({ secrets: true }), "with ids");
  await played.again();
  const again = differences(stands, standingOf(played.sandbox.dump({ secrets: true }), "with ids"));
  if (again.length > 0 || actingWrites(played).length !== writes)
    faults.push(
      `a second run wrote: ${again.join(", ")}, ${actingWrites(played)
        .slice(writes)
        .map(({ operation }) => operation)
        .join(", ")}`,
    );
  const more = (await played.ledger.incidents()).slice(0, (await played.ledger.incidents()).length - count);
  if (more.length > 0)
    faults.push(
      `a second run has incidents: ${more.map((one) => `${subjectKey(one.subject)} ${endOf(one)}`).join(", ")}`,
    );
  const { intact, flaws } = await verifyLedger(played.store, accountId);
  if (!intact) faults.push(`the ledger does not verify: ${JSON.stringify(flaws)}`);
  return faults;
};

/** What each write of a story came to. */
export const cameOf = async (played: Played): Promise<readonly Came[]> => {
  const incidents = (await played.incidents()).filter(({ approves }) => approves === undefined);
  return played.attacks.flatMap(({ operation, subjects, event }): readonly Came[] => {
    if (subjects.length === 0) return [{ operation, to: "passed over" }];
    const own = incidents.filter(({ events }) => events.some(({ eventId }) => eventId === event.eventId));
    return own.length === 0 ? [{ operation, to: "clear" }] : own.map((one) => ({ operation, to: endOf(one) }));
  });
};
