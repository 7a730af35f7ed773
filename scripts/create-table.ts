import { terminalMessage, toldWhere, whereTable } from "../cli/state-failed.ts";
import { createTables } from "../shared/aliyun/tablestore-tables.ts";
import { systemClock } from "../shared/local/system.ts";
import { tablestoreInEnvironment } from "../shared/tablestore-place.ts";

// A step of deployment: makes the table that a deployed installation keeps its state in. Nothing makes it at run time, so
// that the function's role needs no right to.
const {
  WARDEN_TABLESTORE_ENDPOINT: endpoint,
  WARDEN_TABLESTORE_INSTANCE: instance,
  ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
  ALIBABA_CLOUD_SECURITY_TOKEN: securityToken,
} = process.env;

const usage = `npm run create-table: makes the Tablestore table of a deployed installation, or says what is wrong with it

  WARDEN_TABLESTORE_ENDPOINT       https://INSTANCE.REGION.ots.aliyuncs.com
  WARDEN_TABLESTORE_INSTANCE       the instance's name; the instance must be there
  WARDEN_TABLESTORE_TABLE          ram_warden unless given
  ALIBABA_CLOUD_ACCESS_KEY_ID      of somebody who may make tables there
  ALIBABA_CLOUD_ACCESS_KEY_SECRET
  ALIBABA_CLOUD_SECURITY_TOKEN     where the key is a session's

s.yaml gives the first three to the function, which finds its state by them.`;

const needed = {
  WARDEN_TABLESTORE_ENDPOINT: endpoint,
  WARDEN_TABLESTORE_INSTANCE: instance,
  ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
};

/** What keeps the table from being made, as sentences. */
const wrongWith = (args: readonly string[]): readonly string[] => {
  const missing = Object.entries(needed).flatMap(([name, value]) => (value ? [] : [name]));
  return [
    ...args.map((one) => `it takes no argument \`${one}\`: all is in the environment`),
    ...missing.map((name) => `the environment has no \`${name}\``),
    ...(missing.some((name) => name.startsWith("WARDEN_")) ? [] : tablestoreInEnvironment(process.env).problems),
  ];
};

const args = process.argv.slice(2);
const wrong = wrongWith(args);
const { place } = tablestoreInEnvironment(process.env);
if (args.some((one) => one === "--help" || one === "-h")) console.log(usage);
else if (wrong.length > 0 || place === undefined || !accessKeyId || !accessKeySecret) {
  console.error(`${wrong.join("\n")}\n\n${usage}`);
  process.exitCode = 2;
} else {
  try {
    const credentials = { accessKeyId, accessKeySecret, securityToken: securityToken || undefined };
    const made = () => createTables({ ...place, credentials, clock: systemClock });
    const amiss = await toldWhere(whereTable(place), made);
    for (const sentence of amiss) console.error(sentence);
    if (amiss.length === 0) console.log(`table \`${place.table}\` is there, as it should be`);
    else process.exitCode = 1;
  } catch (error) {
    console.error(error instanceof Error ? terminalMessage(error) : "the table could not be made");
    process.exitCode = 3;
  }
}
