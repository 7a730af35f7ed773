import { describe } from "vitest";
import { usualPractices } from "../../shared/domain/settings.ts";
import { consoleSessionTooLong } from "../../shared/rules/console-session-too-long.ts";
import { ruleTable, settingChange, settings } from "./changes.ts";

const hours = (from: number | undefined, to: unknown) =>
  settingChange("security-preference", from === undefined ? "unknown" : { LoginSessionDuration: from }, {
    LoginSessionDuration: to as number,
  });
const allowing = (consoleHours: number) => ({
  settings: settings({ practices: { ...usualPractices, limits: { ...usualPractices.limits, consoleHours } } }),
});

describe("sessions of the console that last too long", () => {
  ruleTable(consoleSessionTooLong, {
    violates: {
      "longer than before, and than allowed": hours(6, 7),
      "too long before, and longer still": hours(8, 24),
      "too long, and nobody knows what it was": hours(undefined, 12),
      "longer than a shorter limit": { change: hours(2, 4), facts: allowing(3) },
    },
    complies: {
      "longer than before, and as long as allowed": hours(1, 6),
      "too long, and shorter than before": hours(24, 8),
      "short enough, and nobody knows what it was": hours(undefined, 6),
      "as long as before": hours(24, 24),
      "within a longer limit": { change: hours(6, 12), facts: allowing(12) },
    },
    undetermined: {
      "it is no number": hours(6, "long"),
      "it is no number, and nobody knows what it was": hours(undefined, "long"),
    },
  });
});
