import { existsSync, readdirSync, writeFileSync } from "node:fs";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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
