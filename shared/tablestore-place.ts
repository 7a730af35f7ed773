type Place = {
  readonly kind: "tablestore";
  readonly endpoint: string;
  readonly instance: string;
  readonly table: string;
};

/** The names that Tablestore allows for a table. */
export const tableName = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/;
export const tableNameRule = "a table is named by 1 to 255 letters, digits and `_`, and not by a digit first";

/** Requests are signed and not encrypted by themselves: plain HTTP is for a stand-in on this machine. */
export const isTablestoreEndpoint = (endpoint: string): boolean => {
  const { protocol, hostname } = URL.canParse(endpoint) ? new URL(endpoint) : { protocol: "", hostname: "" };
  return protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "localhost"].includes(hostname));
};
export const endpointRule = "an address such as `https://INSTANCE.REGION.ots.aliyuncs.com`";

export const usualTable = "ram_warden";

const names = ["WARDEN_TABLESTORE_ENDPOINT", "WARDEN_TABLESTORE_INSTANCE", "WARDEN_TABLESTORE_TABLE"] as const;

/**
 * Where the environment says that the state is, undefined where it says nothing of it, or what is wrong with what it says.
 * An empty variable counts as absent: templates leave them so. Some of them without the others were meant to say all, and
 * must not lead to whatever state the file of settings names.
 */
export const tablestoreInEnvironment = (environment: {
  readonly [name: string]: string | undefined;
}): { readonly place?: Place; readonly problems: readonly string[] } => {
  const given = names.filter((name) => (environment[name] ?? "") !== "");
  if (given.length === 0) return { problems: [] };
  const [endpoint = "", instance = "", table] = names.map((name) => environment[name] || undefined);
  const problems = [
    ...names
      .slice(0, 2)
      .filter((name) => !given.includes(name))
      .map((name) => `the environment has \`${given[0]}\` and no \`${name}\`: set both, or neither`),
    ...(endpoint === "" || isTablestoreEndpoint(endpoint)
      ? []
      : [`what the environment has as \`${names[0]}\` must be ${endpointRule}`]),
    ...(table === undefined || tableName.test(table)
      ? []
      : [`what the environment has as \`${names[2]}\` is no name of a table: ${tableNameRule}`]),
  ];
  if (problems.length > 0) return { problems };
  return { place: { kind: "tablestore", endpoint, instance, table: table ?? usualTable }, problems };
};
