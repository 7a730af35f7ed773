import { worldOf } from "../functions/wire.ts";
import type { Snapshot } from "../sandbox/index.ts";
import type { Config } from "../shared/config.ts";
import type { Intake } from "../shared/domain/trail-event.ts";
import { takeFirstSight } from "../shared/first-sight.ts";
import type { Judged } from "../shared/judge.ts";
import { claimedCloud, judgeIntake } from "../shared/judge.ts";
import { openSqliteStateStore } from "../shared/local/sqlite-state-store.ts";
import { newId, systemClock } from "../shared/local/system.ts";
import type { StateStore } from "../shared/ports/state-store.ts";
import type { Clock, World } from "../shared/ports/world.ts";
import { accountOf } from "./snapshot-account.ts";

/** The accounts that events are judged on: as it stands now, and as it stood before them, as snapshots. */
export type Accounts = { readonly now?: Snapshot; readonly before?: Snapshot };

const nobody = async (): Promise<never> => {
  throw new Error("judging writes nothing");
};

/** As of the earliest event, so that the history of each is within reach; nobody waits for what cannot change. */
const clockAt = ({ events }: Intake): Clock => {
  const times = events.map(({ occurredAt }) => occurredAt);
  const earliest = times.length === 0 ? systemClock.now() : times.reduce((least, at) => Math.min(least, at));
  return { now: () => earliest, sleep: async () => undefined };
};

/** What a snapshot's account answers, by the adapters that a live one is read with. */
const snapshotCloud = (config: Config, snapshot: Snapshot, state: StateStore, clock: Clock): World => {
  const { credentials, sender } = accountOf(snapshot, clock.now());
  const silent = { ...config, channels: [] };
  return worldOf({ config: silent, credentials, state, log: () => undefined, clock, reach: { sender } });
};

/** What was before is taken from its snapshot as `warden baseline` takes it, a while before the first event. */
const baselineMs = 3_600_000;

const takeBefore = async (config: Config, snapshot: Snapshot, state: StateStore, clock: Clock): Promise<void> => {
  const earlier: Clock = { ...clock, now: () => clock.now() - baselineMs };
  const seen = await takeFirstSight(snapshotCloud(config, snapshot, state, earlier), config);
  if (!seen.ok) throw new Error("the account before cannot be read");
};

/** Judges events without a cloud: on an account that stands as a snapshot says, or as the events themselves claim. */
export const judgeOffline = async (
  config: Config,
  intake: Intake,
  { now, before }: Accounts,
  options: Parameters<typeof judgeIntake>[3] = {},
): Promise<Judged> => {
  const state = openSqliteStateStore(":memory:", systemClock);
  const clock = clockAt(intake);
  const world: World = {
    ...(now === undefined ? claimedCloud(intake.events) : snapshotCloud(config, now, state, clock)),
    accountId: config.rules.accountId,
    act: nobody,
    state,
    channels: [],
    clock,
    newId,
    log: () => undefined,
  };
  try {
    if (before !== undefined) await takeBefore(config, before, state, clock);
    return await judgeIntake(world, config, intake, options);
  } finally {
    state.close();
  }
};
