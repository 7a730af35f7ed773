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

if (!endpoint || !instance || !accessKeyId || !accessKeySecret) {
  console.error(
    "set `WARDEN_TABLESTORE_ENDPOINT`, `WARDEN_TABLESTORE_INSTANCE`, `ALIBABA_CLOUD_ACCESS_KEY_ID` and `ALIBABA_CLOUD_ACCESS_KEY_SECRET`",
  );
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
