import type { Command } from "commander";
import { cloudErrorText } from "../../shared/domain/cloud-error.ts";
import { takeFirstSight } from "../../shared/first-sight.ts";
import type { CommonOptions } from "../context.ts";
import { openState, placeOf, worldAt } from "../context.ts";
import { settingsLanguageOption } from "../options.ts";
import { CloudFailed, exit, note, printJson, runCommand, say } from "../output.ts";

type Options = CommonOptions & { readonly json?: boolean };

export const addBaseline = (program: Command): void => {
  program
    .command("baseline")
    .description(
      "remember all that the account's lists lead to, as it stands, as the state to go back to; the account is only read",
    )
    .option("--config <file>", "the settings; warden.yaml unless given")
    .option("--cloud", "the account of the settings, even while `npm start` runs here")
    .option("--json", "one JSON document on stdout")
    .addOption(settingsLanguageOption())
    .action((options: Options) => runCommand(() => baseline(options)));
};

const baseline = async (options: Options): Promise<number> => {
  const place = placeOf(options, "left-out");
  const state = await openState(place);
  try {
    const seen = await takeFirstSight(worldAt(place, state), place.config);
    if (!seen.ok) throw new CloudFailed(`the account could not be read: ${cloudErrorText(seen.error)}`);
    if (options.json === true) printJson(seen.value);
    else {
      const { accepted, kept, broken } = seen.value;
      say(`subjects that have a state to go back to from now on: ${accepted}`);
      if (kept > 0) say(`left as they are, since an accepted state is known already: ${kept}`);
      for (const name of broken)
        say(`left out, since it breaks a rule as it stands: ${name}; set it right, or name whom it trusts`);
    }
    for (const problem of seen.value.problems) note(`left out: ${problem}`);
    return seen.value.broken.length + seen.value.problems.length === 0 ? exit.done : exit.findings;
  } finally {
    state.close();
  }
};
