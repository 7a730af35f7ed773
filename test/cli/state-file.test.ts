import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failingAt, whereFile } from "../../cli/state-failed.ts";
import { openSqliteStateStore } from "../../shared/local/sqlite-state-store.ts";
import { systemClock } from "../../shared/local/system.ts";
import { StoreUnavailable } from "../../shared/ports/state-store.ts";
import { standInCredentials, standInInstance, startTablestore } from "../aliyun/tablestore-stand-in.ts";
import { accountId } from "../support/guarded-account.ts";
import type { Folder } from "./warden.ts";
import { newFolder, warden } from "./warden.ts";

let folder: Folder;
const back = process.cwd();
beforeEach(() => {
  folder = newFolder();
  process.chdir(folder.path);
});
afterEach(() => {
  process.chdir(back);
  folder.remove();
});

/** Settings whose state is there. */
const stateAt = (path: string): void =>
  void folder.file(
    "warden.yaml",
    `account: "${accountId}"\nmode: observe\nroles: { looking: looks, acting: acts }\nstate: { kind: sqlite, path: ${path} }\n`,
  );

const looking = [
  ["ledger", "verify"],
  ["ledger", "export"],
] as const;

describe("a state that is not there", () => {
  test.each(looking)("is not verified or exported, and not made: %s %s", async (...command) => {
    for (const path of ["none.sqlite", "no/folder/none.sqlite"]) {
      stateAt(path);
      expect(await warden(...command)).toEqual({
        code: 2,
        out: "",
        err: `there is no state at \`${path}\`; \`state.path\` of the settings says where it is looked for\n`,
      });
    }
    expect((await warden("ledger", "trim")).code).toBe(2);
    expect(readdirSync(folder.path)).toEqual(["warden.yaml"]);
  });

  test("is said to be absent where a list would be empty, and not made", async () => {
    stateAt("no/folder/none.sqlite");
    for (const command of [["incidents"], ["dead", "list"]])
      expect(await warden(...command)).toMatchObject({
        code: 0,
        err: "there is no state at `no/folder/none.sqlite` yet\n",
      });
    expect(existsSync("no")).toBe(false);
  });
});

describe("a file that holds no state", () => {
  test.each([...looking, ["ledger", "trim"], ["dead", "list"], ["incidents"]])(
    "is refused: %s %s",
    async (...command) => {
      stateAt("s.sqlite");
      writeFileSync("s.sqlite", "");
      const isTrim = command[1] === "trim";
      const refused = {
        code: 3,
        out: "",
        err: "the state in `s.sqlite` cannot be used, `STATE_NONE`: it holds no state of RAM Warden: put `state.path` right\n",
      };
      // An empty file may become a state, where a command writes.
      if (!isTrim) expect(await warden(...command)).toEqual(refused);
      const database = new Database("other.sqlite");
      database.exec("CREATE TABLE other (a)");
      database.close();
      stateAt("other.sqlite");
      expect(await warden(...command)).toEqual({ ...refused, err: refused.err.replace("s.sqlite", "other.sqlite") });
    },
  );
});

test("half of what leads to Tablestore does not lead to a local file", async () => {
  stateAt("s.sqlite");
  process.env.WARDEN_TABLESTORE_ENDPOINT = "https://i.cn-hangzhou.ots.aliyuncs.com";
  try {
    expect(await warden("incidents")).toEqual({
      code: 2,
      out: "",
      err: "warden.yaml:4:1: the environment has `WARDEN_TABLESTORE_ENDPOINT` and no `WARDEN_TABLESTORE_INSTANCE`: set both, or neither\n",
    });
  } finally {
    delete process.env.WARDEN_TABLESTORE_ENDPOINT;
  }
  expect((await warden("incidents", "--cloud")).err).toMatch(/^the state is the file `s\.sqlite`; that of what is/);
});

describe("a state that cannot be used", () => {
  const refusal = async (...command: readonly string[]): Promise<string> => {
    const { code, err } = await warden(...command);
    expect(code).toBe(3);
    return err;
  };

  test("says where it is, and what to do", async () => {
    const made = openSqliteStateStore("whole.sqlite", systemClock);
    await made.putIfAbsent("k/1/a", "x".repeat(50_000));
    // Into the file itself, which is all that is copied here.
    const log = new Database("whole.sqlite");
    log.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    log.close();
    made.close();
    const whole = readFileSync("whole.sqlite");

    stateAt("s.sqlite");
    writeFileSync("s.sqlite", Buffer.alloc(8192));
    for (const command of [["incidents"], ["ledger", "trim"]])
      expect(await refusal(...command)).toBe(
        "the state in `s.sqlite` cannot be used, `SQLITE_NOTADB`: it is not in the form of SQLite: put `state.path` right, or put a copy that is whole in its place\n",
      );

    writeFileSync("s.sqlite", whole.subarray(0, 6000));
    expect(await refusal("incidents")).toMatch(
      /^the state in `s\.sqlite` cannot be used, `SQLITE_CORRUPT`: it is damaged/,
    );

    writeFileSync("newer.sqlite", whole);
    const database = new Database("newer.sqlite");
    database.exec("PRAGMA user_version = 2");
    database.close();
    stateAt("newer.sqlite");
    for (const command of [["incidents"], ["ledger", "trim"]])
      expect(await refusal(...command)).toBe(
        "the state in `newer.sqlite` cannot be used, `STATE_NEWER`: a newer version of RAM Warden wrote it: use that version\n",
      );

    stateAt("warden.yaml/s.sqlite");
    expect(await refusal("incidents")).toMatch(/^the state in `warden\.yaml\/s\.sqlite` cannot be used, `ENOTDIR`: /);
    expect(await refusal("incidents", "--lang", "zh-CN")).toBe(
      "无法使用 `warden.yaml/s.sqlite` 处的状态（`ENOTDIR`）：该路径不指向文件：请改正 `state.path`\n",
    );
  });

  test.each([
    ["SQLITE_FULL", "its disk is full"],
    ["SQLITE_IOERR_SHMSIZE", "its disk is full"],
    ["UNKNOWN_SQLITE_ERROR_1544", "whoever runs this may not use it"],
    ["EACCES", "whoever runs this may not use it"],
    ["SQLITE_BUSY", "another process keeps it locked"],
    ["SQLITE_IOERR_READ", "its disk cannot be read"],
  ])("has a sentence for %s", (code, advice) => {
    const said = whereFile("a/s.sqlite")(new StoreUnavailable("it failed", code));
    expect(said.startsWith(`the state in \`a/s.sqlite\` cannot be used, \`${code}\`: ${advice}`)).toBe(true);
  });

  test("keeps its place out of the message, which may be kept or told", async () => {
    writeFileSync("s.sqlite", Buffer.alloc(8192));
    const open = () => failingAt(whereFile("s.sqlite"), () => openSqliteStateStore("s.sqlite", systemClock));
    expect(open).toThrow(StoreUnavailable);
    expect(open).toThrow(/^the local state store failed with `SQLITE_NOTADB`$/);
  });
});

describe("a Tablestore that cannot be used", () => {
  const names = {
    ALIBABA_CLOUD_ACCESS_KEY_ID: standInCredentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: standInCredentials.accessKeySecret,
    ALIBABA_CLOUD_SECURITY_TOKEN: standInCredentials.securityToken,
    WARDEN_TABLESTORE_INSTANCE: standInInstance,
    WARDEN_TABLESTORE_TABLE: "of_nobody",
  };
  const withEnvironment = async (more: { readonly [name: string]: string }, work: () => Promise<void>) => {
    const before = { ...process.env };
    Object.assign(process.env, names, more);
    try {
      await work();
    } finally {
      for (const name of Object.keys({ ...names, ...more }))
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
    }
  };

  test("says which table of which instance, and what to do", async () => {
    stateAt("s.sqlite");
    const server = await startTablestore();
    const { host } = new URL(server.endpoint);
    const at = `the state in table \`of_nobody\` of instance \`${standInInstance}\` at \`${host}\` cannot be used: `;
    await withEnvironment({ WARDEN_TABLESTORE_ENDPOINT: server.endpoint }, async () => {
      expect(await warden("incidents")).toMatchObject({
        code: 3,
        err: expect.stringContaining(`${at}the table is not there: make it with \`npm run create-table\``),
      });
    });
    await withEnvironment(
      { WARDEN_TABLESTORE_ENDPOINT: server.endpoint, ALIBABA_CLOUD_ACCESS_KEY_SECRET: "wrong" },
      async () => {
        const { err } = await warden("incidents");
        expect(err).toContain(`${at}the key is refused: `);
        expect(err).not.toContain("wrong");
      },
    );
    await server.close();
    await withEnvironment({ WARDEN_TABLESTORE_ENDPOINT: server.endpoint }, async () => {
      expect(await warden("incidents")).toMatchObject({
        code: 3,
        err: expect.stringMatching(
          / cannot be used: nothing can be reached there: put .*: no connection: `ECONNREFUSED`\n$/s,
        ),
      });
    });
  });
});

describe("doctor without credentials", () => {
  type Printed = {
    readonly checks: readonly { readonly name: string; readonly status: string; readonly detail: string }[];
  };
  const doctor = async () => {
    const { code, out } = await warden("doctor", "--json", "--deep");
    const { checks } = JSON.parse(out) as Printed;
    return { code, of: (name: string) => checks.find((one) => one.name === name) };
  };

  test("looks at what needs none, and names what does", async () => {
    stateAt("s.sqlite");
    const missing = await doctor();
    expect(missing.code).toBe(1);
    expect(missing.of("credentials")).toMatchObject({
      status: "bad",
      detail: expect.stringContaining("no credentials"),
    });
    expect(missing.of("state store")).toEqual({
      name: "state store",
      status: "warning",
      detail: "there is no file `s.sqlite` yet: the first command that writes makes it",
    });
    for (const name of ["reading", "acting role"]) expect(missing.of(name)).toMatchObject({ status: "skipped" });
    expect(missing.of("kill switch")).toMatchObject({ status: "ok" });
    expect(missing.of("exemptions")).toMatchObject({ status: "ok" });
    expect(readdirSync(folder.path)).toEqual(["warden.yaml"]);
    expect((await warden("doctor")).out).toMatch(/^bad {6}credentials: no credentials: set /m);
  });

  test("says of a state that is there whether it can be used, and verifies it", async () => {
    stateAt("s.sqlite");
    openSqliteStateStore("s.sqlite", systemClock).close();
    const sound = await doctor();
    expect(sound.of("state store")).toMatchObject({ status: "ok" });
    expect(sound.of("ledger")).toMatchObject({ status: "ok" });
    stateAt("damaged.sqlite");
    writeFileSync("damaged.sqlite", Buffer.alloc(8192));
    expect((await doctor()).of("state store")).toMatchObject({
      status: "bad",
      detail: expect.stringMatching(/^the state in `damaged\.sqlite` cannot be used, `SQLITE_NOTADB`: /),
    });
  });
});
