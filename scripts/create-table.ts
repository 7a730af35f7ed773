import { createTables } from "../shared/aliyun/tablestore-tables.ts";
import { systemClock } from "../shared/local/system.ts";

// A step of deployment: makes the table that a deployed installation keeps its state in. Nothing makes it at run time, so
// that the function's role needs no right to.
const {
  WARDEN_TABLESTORE_ENDPOINT: endpoint,
  WARDEN_TABLESTORE_INSTANCE: instance,
  WARDEN_TABLESTORE_TABLE: table = "ram_warden",
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

if (process.argv.slice(2).some((one) => one === "--help" || one === "-h")) console.log(usage);
else if (!endpoint || !instance || !accessKeyId || !accessKeySecret) {
  console.error(usage);
  process.exitCode = 2;
} else {
  try {
    const credentials = { accessKeyId, accessKeySecret, securityToken: securityToken || undefined };
    const wrong = await createTables({ endpoint, instance, table, credentials, clock: systemClock });
    for (const sentence of wrong) console.error(sentence);
    if (wrong.length === 0) console.log(`table \`${table}\` is there, as it should be`);
    else process.exitCode = 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : "the table could not be made");
    process.exitCode = 3;
  }
}
