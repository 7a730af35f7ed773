import type { Command } from "commander";
import { stringify } from "yaml";
import { changeDigest } from "../../shared/change-digest.ts";
import type { Exemption } from "../../shared/domain/exemption.ts";
import { isInForce, longestExemptionDays, longestExemptionMs, untilText } from "../../shared/domain/exemption.ts";
import type { Actor } from "../../shared/domain/identity.ts";
import { actorKey, actorText } from "../../shared/domain/identity.ts";
import { standsFor } from "../../shared/domain/name-pattern.ts";
import { exemptionOf, exemptionSchema } from "../../shared/exemptions-schema.ts";
import type { Granted } from "../../shared/ledger/exemptions.ts";
import { grantExemption, grantedExemptions, revokeExemption } from "../../shared/ledger/exemptions.ts";
import type { Incident } from "../../shared/ledger/incident.ts";
import { openLedger } from "../../shared/ledger/ledger.ts";
import { newId, systemClock } from "../../shared/local/system.ts";
import { actorScope, subjectScope } from "../../shared/planning/exemptions.ts";
import { padded } from "../columns.ts";
import type { CommonOptions, LocalState, Place } from "../context.ts";
import { openState, placeOf } from "../context.ts";
import { asOption, settingsLanguageOption } from "../options.ts";
import { BadInput, exit, incidentId, note, print, printJson, runCommand, safe, say } from "../output.ts";
import { personAt } from "../persons-act.ts";
import { reasonIn } from "../reason.ts";
import { said } from "../said.ts";

type Common = CommonOptions & { readonly json?: boolean };

type GrantOptions = Common & {
  readonly incident?: string;
  readonly id?: string;
  readonly rule?: readonly string[];
  readonly subject?: string;
  readonly actor?: string;
  readonly change?: string;
  readonly owner: string;
  readonly reason: string;
  readonly ticket?: string;
  readonly from?: string;
  readonly until: string;
  readonly dryRun?: boolean;
};

const withCommon = (command: Command): Command =>
  command
    .option("--config <file>", "the settings; warden.yaml unless given")
    .option("--cloud", "the account of the settings, even while `npm start` runs here")
    .option("--json", "one JSON document on stdout")
    .addOption(asOption())
    .addOption(settingsLanguageOption());

export const addExempt = (program: Command): void => {
  const exempt = program
    .command("exempt")
    .description("let a known finding be, for a time and with somebody who answers for it");
  withCommon(
    exempt
      .command("grant")
      .description(
        "grant an exemption: from then on what it covers is said, and not acted on; it never covers what you do yourself",
      )
      .option("--incident <id>", "take rules, subject, actor and change from this incident; what is given besides wins")
      .option("--rule <ids...>", "rules whose findings are exempt")
      .option("--subject <pattern>", "what is exempt, such as `role-trust/deploy-*`; `any` for whatever it is")
      .option("--actor <pattern>", "whose changes, such as `role/terraform`; `any` for anybody's")
      .option("--change <digest>", "the one state that is exempt; `any` for any")
      .requiredOption("--owner <who>", "who answers for it")
      .requiredOption("--reason <why>", "why, for whoever meets it")
      .option("--ticket <id>", "where it was agreed")
      .option("--from <day>", "from when on; at once unless given")
      .requiredOption("--until <day>", `its last day, or a span such as \`90d\`; at most ${longestExemptionDays} days`)
      .option("--id <id>", "how it is named; a new id unless given")
      .option("--dry-run", "grant nothing, and print it as an entry of exemptions.yaml"),
  ).action((options: GrantOptions) => runCommand(() => grant(options)));
  withCommon(
    exempt
      .command("list")
      .description("the exemptions of the file and those that were granted")
      .option("--all", "those that are over or taken back as well"),
  ).action((options: Common & { readonly all?: boolean }) => runCommand(() => list(options)));
  withCommon(
    exempt
      .command("revoke")
      .description("take a granted exemption back; the next sweep judges anew what it let be")
      .argument("<id>")
      .requiredOption("--because <reason>", "why, for the record"),
  ).action((id: string, options: Common & { readonly because: string }) => runCommand(() => revoke(id, options)));
};

const secondsIso = (at: number): string => new Date(Math.floor(at / 1000) * 1000).toISOString().replace(".000Z", "Z");

/** A day, an instant, or a span from now on, as the schema reads it. */
const untilOf = (text: string, now: number): string => {
  const days = /^(\d{1,4})d$/.exec(text)?.[1];
  return days === undefined ? text : secondsIso(now + Number(days) * 86_400_000);
};

type Part = "subject" | "actor" | "change";

/** The scope that an incident has: its rules, its subject, who did it, and the very state that it found. */
const scopeOf = ({ findings, subject, actor, after, accountId }: Incident) => {
  const who = actorScope(actor, accountId);
  return {
    rules: [...new Set(findings.map(({ rule }) => rule))],
    subject: subjectScope(subject),
    ...(who === undefined ? {} : { actor: who }),
    ...(after === undefined ? {} : { change: changeDigest({ subject, after } as Parameters<typeof changeDigest>[0]) }),
  };
};

const draftOf = (options: GrantOptions, incident: Incident | undefined, now: number): Exemption => {
  const taken = incident === undefined ? { rules: [] } : scopeOf(incident);
  const part = (name: Part): { readonly [part in Part]?: string } => {
    const value = options[name] ?? (name in taken ? taken[name as keyof typeof taken] : undefined);
    return value === undefined || value === "any" ? {} : { [name]: value };
  };
  const parsed = exemptionSchema.safeParse({
    id: options.id ?? newId(),
    rules: options.rule ?? taken.rules,
    ...part("subject"),
    ...part("actor"),
    ...part("change"),
    owner: options.owner,
    reason: options.reason,
    ...(options.ticket === undefined ? {} : { ticket: options.ticket }),
    from: options.from ?? secondsIso(now),
    until: untilOf(options.until, now),
  });
  if (parsed.success) return exemptionOf(parsed.data);
  throw new BadInput(
    parsed.error.issues
      .map(({ path: [name = "rule"], message }) => {
        // The file of exemptions takes no spans: here one is a way to say when it ends.
        const spans = name === "until" && /^a time is a day\b/.test(message) ? ", or a span in days such as `90d`" : "";
        return `\`--${name === "rules" ? "rule" : String(name)}\`: ${message}${spans}`;
      })
      .join("\n"),
  );
};

/** Whoever did something does not let it be: that is for somebody else, as it is with approvals. */
const againstOwn = (person: Actor, exemption: Exemption, incident: Incident | undefined): string | undefined => {
  const madeIt = incident?.actor !== undefined && actorKey(incident.actor) === actorKey(person);
  const account = "accountId" in person ? person.accountId : "";
  const scope = actorScope(person, account);
  const isMeant = exemption.actor !== undefined && scope !== undefined && standsFor(exemption.actor, scope);
  return madeIt || isMeant
    ? `refused: ${actorText(person)} ${madeIt ? "made the change" : "is whose changes would be exempt"}, and nobody exempts what they do themselves: somebody else has to grant it`
    : undefined;
};

const idsOfFile = ({ config }: Place): readonly string[] =>
  config.exemptions?.kind === "read" ? config.exemptions.exemptions.all.map(({ id }) => id) : [];

const grant = async (options: GrantOptions): Promise<number> => {
  const place = placeOf(options, "left-out");
  const now = systemClock.now();
  const isDry = options.dryRun === true;
  const person = isDry ? undefined : await personAt(place);
  const state = await openState(place, isDry);
  try {
    const ledger = openLedger(state, systemClock, place.config.rules.accountId);
    const incident = await incidentOf(options, ledger.incident);
    const exemption = draftOf(options, incident, now);
    if (exemption.from - now > longestExemptionMs)
      throw new BadInput(`\`--from\`: an exemption is granted at most ${longestExemptionDays} days before it begins`);
    if (idsOfFile(place).includes(exemption.id))
      throw new BadInput(`\`--id\`: the file of exemptions has one with the id \`${exemption.id}\``);
    if (person === undefined) {
      if (options.json === true) printJson(exemption);
      else for (const text of entryOf(exemption).trimEnd().split("\n")) print(safe(text));
      return exit.done;
    }
    const own = againstOwn(person, exemption, incident);
    if (own !== undefined) {
      if (options.json === true) printJson({ refused: safe(own.replace(/^refused: /, "")) });
      else note(own);
      return exit.findings;
    }
    const grantor = actorScope(person, place.config.rules.accountId);
    const granted: Granted = {
      ...exemption,
      by: actorText(person),
      ...(grantor === undefined ? {} : { grantor }),
      at: now,
    };
    if (!(await grantExemption(state, ledger, granted)))
      throw new BadInput(`\`--id\`: an exemption with the id \`${exemption.id}\` was granted before`);
    if (options.json === true) printJson(granted);
    else print(safe(`${said("granted")}: ${lineOf(granted, now)}`));
    return exit.done;
  } finally {
    state.close();
  }
};

const incidentOf = async (
  { incident: given }: GrantOptions,
  read: (id: string) => Promise<Incident | undefined>,
): Promise<Incident | undefined> => {
  if (given === undefined) return undefined;
  const incident = await read(incidentId(given));
  if (incident === undefined)
    throw new BadInput(`no incident \`${given}\` in the ledger; \`warden incidents\` lists them`);
  if (incident.findings.length === 0) throw new BadInput(`incident \`${given}\` has no finding to exempt`);
  return incident;
};

/** As it would stand in the file. */
const entryOf = ({ from, until, ...rest }: Exemption): string =>
  stringify({ exemptions: [{ ...rest, from: secondsIso(from), until: secondsIso(until) }] }, { lineWidth: 0 });

type Listed = Exemption & { readonly source: "file" | "granted"; readonly standing: string } & Pick<Granted, "revoked">;

const standingOf = (exemption: Exemption & Pick<Granted, "revoked">, now: number): string => {
  if (exemption.revoked !== undefined) return "revoked";
  if (isInForce(exemption, now)) return "in force";
  return exemption.from > now ? "to come" : "over";
};

const lineOf = (exemption: Exemption & Pick<Granted, "revoked">, now: number): string => {
  const { id, rules, subject, actor, change, owner, reason, ticket, until, by } = exemption;
  const scope = [rules.join(","), subject, actor, change].filter((part) => part !== undefined).join(" × ");
  const whose = by === undefined ? owner : `${owner} ${said(`(granted by ${by})`)}`;
  return `${padded(said(standingOf(exemption, now)), 8)} ${id}  ${scope}  ${said(`until ${untilText(until)}`)}  ${whose}: ${reason}${ticket === undefined ? "" : ` (${ticket})`}`;
};

const allOf = async ({ config }: Place, state: LocalState): Promise<readonly Listed[]> => {
  const now = systemClock.now();
  const file = config.exemptions?.kind === "read" ? config.exemptions.exemptions.all : [];
  const granted = await grantedExemptions(state, config.rules.accountId);
  if (!granted.ok) throw new BadInput(granted.error);
  return [
    ...file.map((one): Listed => ({ ...one, source: "file", standing: standingOf(one, now) })),
    ...granted.value.map((one): Listed => ({ ...one, source: "granted", standing: standingOf(one, now) })),
  ].sort((a, b) => a.until - b.until);
};

const list = async (options: Common & { readonly all?: boolean }): Promise<number> => {
  const place = placeOf(options, "left-out");
  const state = await openState(place, true);
  try {
    const all = await allOf(place, state);
    const shown =
      options.all === true ? all : all.filter(({ standing }) => standing === "in force" || standing === "to come");
    const isUnreadable = place.config.exemptions?.kind === "unreadable";
    if (options.json === true) printJson(shown);
    else if (shown.length === 0 && !isUnreadable) say("no exemptions");
    else for (const one of shown) print(safe(lineOf(one, systemClock.now())));
    if (shown.length < all.length)
      note(`${all.length - shown.length} that are over or taken back are left out: \`--all\` lists them as well`);
    return isUnreadable ? exit.badInput : exit.done;
  } finally {
    state.close();
  }
};

/** A row that nobody granted may have an odd id, and is to be removed by it; none has one that the store does not take. */
const idForm = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,200}$/u;

const revoke = async (id: string, options: Common & { readonly because: string }): Promise<number> => {
  const because = reasonIn(options.because);
  if (!idForm.test(id))
    throw new BadInput("that is no id of an exemption; `warden exempt list` names those that were granted");
  const place = placeOf(options, "left-out");
  if (idsOfFile(place).includes(id))
    throw new BadInput(`\`${id}\` stands in the file of exemptions: take it out there, and deploy it`);
  const by = actorText(await personAt(place));
  const state = await openState(place);
  try {
    const ledger = openLedger(state, systemClock, place.config.rules.accountId);
    const revoked = { by, because, at: systemClock.now() };
    if (!(await revokeExemption(state, ledger, id, revoked)))
      throw new BadInput(`no exemption \`${id}\` to take back; \`warden exempt list\` names them`);
    if (options.json === true) printJson({ id, ...revoked });
    else {
      say(`taken back: ${id}`);
      note("the next sweep judges anew what it let be");
    }
    return exit.done;
  } finally {
    state.close();
  }
};
