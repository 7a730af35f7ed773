import type { Command } from "commander";
import { cloudErrorText } from "../../shared/domain/cloud-error.ts";
import { takeFirstSight } from "../../shared/first-sight.ts";
import type { CommonOptions } from "../context.ts";
import { openState, placeOf, worldAt } from "../context.ts";
import { CloudFailed, exit, print, printJson, runCommand, safe } from "../output.ts";

type Options = CommonOptions & { readonly json?: boolean };

export const addBaseline = (program: Command): void => {
  program
    .command("baseline")
    .description("take the trust policy of each role, as it stands, as the state to go back to; reads only")
    .option("--config <file>", "the settings; warden.yaml unless given")
    .option("--cloud", "the account of the settings, even while `npm start` runs here")
    .option("--json", "one JSON document on stdout")
    .action((options: Options) => runCommand(() => baseline(options)));
};

const baseline = async (options: Options): Promise<number> => {
  const place = placeOf(options, "left-out");
  const state = await openState(place);
  try {
    const seen = await takeFirstSight(worldAt(place, state), place.config);
    if (!seen.ok) throw new CloudFailed(`the roles could not be read: ${cloudErrorText(seen.error)}`);
    if (options.json === true) printJson(seen.value);
    else {
      print(`${seen.value.accepted} roles taken as they stand`);
      for (const name of seen.value.broken) print(`left out, it breaks a rule as it stands: ${safe(name)}`);
    }
    return seen.value.broken.length === 0 ? exit.done : exit.findings;
  } finally {
    state.close();
  }
};
