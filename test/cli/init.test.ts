import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { init } from "../../cli/commands/init.ts";
import type { Ask } from "../../cli/init/answers.ts";
import { Cancelled } from "../../cli/init/answers.ts";
import { askAtTerminal } from "../../cli/init/clack.ts";
import { speakAsAsked } from "../../cli/language.ts";
import { readConfig } from "../../shared/config.ts";
import type { Folder } from "./warden.ts";
import { newFolder, spawnWarden, warden } from "./warden.ts";

let folder: Folder;
beforeEach(() => {
  folder = newFolder();
});
afterEach(() => folder.remove());
const file = () => join(folder.path, "warden.yaml");
const account = "1234567890123456";

const secrets = {
  DINGTALK_WEBHOOK: "https://oapi.dingtalk.com/robot/send?access_token=x",
  DINGTALK_SECRET: "SECx",
  WARDEN_WEBHOOK: "https://example.com/hook",
  WARDEN_WEBHOOK_SECRET: `whsec_${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`,
};
const written = () => {
  const read = readConfig(readFileSync(file(), "utf8"), "warden.yaml", secrets);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
};

describe("warden init without asking", () => {
  test("writes settings that load, with a comment on each key, and say nothing but to observe", async () => {
    const ran = await warden("init", "--yes", "--account", account, "--file", file());
    expect([ran.code, ran.out]).toEqual([0, `written: ${file()}, for account ${account} in mode observe\n`]);
    const config = written();
    expect(config).toMatchObject({
      rules: { accountId: account, trusted: { accounts: [], services: [], entities: [] } },
      guardrails: { mode: "observe", ownRoles: { looking: "ram-warden-looking" } },
      channels: [{ kind: "dingtalk" }],
      state: { kind: "sqlite" },
    });
    const lines = readFileSync(file(), "utf8").split("\n");
    for (const key of [
      "mode",
      "account",
      "region",
      "roles",
      "trusted",
      "pipelines",
      "protected",
      "rules",
      "channels",
      "state",
    ]) {
      const at = lines.findIndex((line) => line.startsWith(`${key}:`));
      expect([key, at > 0]).toEqual([key, true]);
    }
    expect(lines.filter((line) => line.startsWith("#")).length).toBeGreaterThan(12);
  });

  test("takes each answer from its flag", async () => {
    const flags = [
      ["--region", "ap-southeast-1"],
      ["--language", "zh-CN"],
      ["--time-zone", "Asia/Shanghai"],
      ["--mode", "enforce"],
      ["--trusted", "5098713426650081", "42"],
      ["--pipeline", "role/terraform"],
      ["--provisioner", "user/idp", "role/idp"],
      ["--protected", "user/break-glass"],
      ["--channel", "webhook"],
      ["--state", "tablestore"],
    ].flat();
    expect((await warden("init", "-y", "--account", account, "--file", file(), ...flags)).code).toBe(0);
    expect(written()).toMatchObject({
      region: "ap-southeast-1",
      telling: { language: "zh-CN", timeZone: "Asia/Shanghai" },
      guardrails: { mode: "enforce", protected: [{ kind: "user", name: "break-glass" }] },
      rules: {
        trusted: { accounts: ["5098713426650081", "42"] },
        pipelines: [{ kind: "role", name: "terraform" }],
        provisioners: [
          { kind: "user", name: "idp" },
          { kind: "role", name: "idp" },
        ],
      },
      channels: [{ kind: "webhook" }],
      state: { kind: "tablestore" },
    });
  });

  test("never writes over a file unless it is told to", async () => {
    folder.file("warden.yaml", "mine");
    const ran = await warden("init", "--yes", "--account", account, "--file", file());
    expect([ran.code, ran.err]).toEqual([2, `\`${file()}\` is there already: \`--force\` writes over it\n`]);
    expect(readFileSync(file(), "utf8")).toBe("mine");
    const forced = await warden("init", "--yes", "--force", "--json", "--account", account, "--file", file());
    expect(JSON.parse(forced.out)).toMatchObject({ file: file(), answers: { account, mode: "observe" } });
    expect(written().rules.accountId).toBe(account);
  });

  test.each<[string, readonly string[], RegExp]>([
    ["no account", ["--yes"], /^`--account` is missing/],
    [
      "an account of another form",
      ["--yes", "--account", "12x"],
      /^`--account` \(`account` of the settings\): an account id is digits only/,
    ],
    [
      "an account with too few digits",
      ["--yes", "--account", "123"],
      /^`--account` \(`account` of the settings\): an account's id has 16 digits: the console/,
    ],
    ["an account with too many digits", ["--yes", "--account", `${account}7`], /^`--account` .*16 digits/],
    [
      "a region of another form",
      ["--yes", "--account", account, "--region", "hangzhou"],
      /^`--region` \(`region` of the settings\): a region reads `cn-hangzhou`/,
    ],
    [
      "a region where no event of RAM arrives",
      ["--yes", "--account", account, "--region", "cn-beijing"],
      /^`--region` .*: the events of RAM arrive in `cn-hangzhou`, or in `ap-southeast-1`/,
    ],
    [
      "a trusted account of another form",
      ["--yes", "--account", account, "--trusted", "x"],
      /^`--trusted` \(`trusted\.accounts\.0` of the settings\): /,
    ],
    ["what was given, before it asks for the rest", ["--region", "mars"], /^`--region` /],
    [
      "an account that is more YAML",
      ["--yes", "--account", '1"\nmode: enforce\nx: "'],
      /^`--account` \(`account` of the settings\): an account id is digits only/,
    ],
    [
      "an unknown mode",
      ["--yes", "--account", account, "--mode", "on"],
      /^`--mode` \(`mode` of the settings\): must be one of `observe`, `enforce`/,
    ],
    [
      "a pipeline that is a pattern",
      ["--yes", "--account", account, "--pipeline", "role/*"],
      /^`--pipeline` \(`pipelines\.0` of the settings\): an acting identity reads/,
    ],
    [
      "an unknown channel",
      ["--yes", "--account", account, "--channel", "pigeon"],
      /^`--channel` \(`channels` of the settings\): must be a list/,
    ],
    [
      "an unknown state",
      ["--yes", "--account", account, "--state", "paper"],
      /^`--state` \(`state` of the settings\): /,
    ],
    [
      "an unknown time zone",
      ["--yes", "--account", account, "--time-zone", "Mars/Base"],
      /^`--time-zone` \(`timeZone` of the settings\): an IANA time zone/,
    ],
  ])("refuses %s, and writes nothing", async (_, args, said) => {
    const ran = await warden("init", "--file", file(), ...args);
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(said);
    expect(existsSync(file())).toBe(false);
  });

  test("refuses a folder that is not there, and to ask where nobody is", async () => {
    const nowhere = join(folder.path, "no", "warden.yaml");
    expect(await warden("init", "--yes", "--account", account, "--file", nowhere)).toMatchObject({
      code: 2,
      err: expect.stringContaining("there is no such folder"),
    });
    const { ended } = spawnWarden(["init", "--file", file()]);
    expect(await ended).toMatchObject({ code: 2, err: expect.stringContaining("there is no terminal to ask at") });
    expect(existsSync(file())).toBe(false);
  });
});

/** Somebody who answers by the question's words, and as usual where nothing is said. */
const scripted = (answers: { readonly [part: string]: string }) => {
  const asked: string[] = [];
  const answerTo = (message: string, initial: string): string => {
    asked.push(message);
    return Object.entries(answers).find(([part]) => message.includes(part))?.[1] ?? initial;
  };
  const ask: Ask = {
    text: async ({ message, initial, problem }) => {
      const answer = answerTo(message, initial);
      const because = problem(answer);
      if (because !== undefined) throw new Error(because);
      return answer;
    },
    choice: async ({ message, initial, options }) => {
      const answer = answerTo(message, initial);
      if (!options.some(({ value }) => value === answer)) throw new Error(`no option ${answer}`);
      return answer;
    },
  };
  return { ask, asked };
};

describe("warden init by asking", () => {
  const quietly = async (options: Parameters<typeof init>[0], ask: Ask) => {
    const { write } = process.stdout;
    process.stdout.write = () => true;
    try {
      return await init(options, async () => ask);
    } finally {
      process.stdout.write = write;
    }
  };

  test("writes what was answered, lists between commas or spaces", async () => {
    const { ask } = scripted({
      "account is guarded": account,
      deploys: "role/terraform, user/ci",
      "Who is told": "console",
      "write?": "enforce",
    });
    expect(await quietly({ file: file() }, ask)).toBe(0);
    expect(written()).toMatchObject({
      rules: { accountId: account, pipelines: [{ name: "terraform" }, { name: "ci" }] },
      guardrails: { mode: "enforce" },
      channels: [{ kind: "console" }],
    });
  });

  test("asks for nothing that was given", async () => {
    const { ask, asked } = scripted({});
    await quietly({ file: file(), account, mode: "enforce", channel: "console" }, ask);
    expect(asked.filter((message) => /account is guarded|write\?|Who is told/.test(message))).toEqual([]);
    expect(asked.length).toBeGreaterThan(5);
  });

  test.each([
    ["account is guarded", "twelve", "an account id is digits only"],
    ["deploys", "role/*", "an acting identity reads"],
    ["never to write", "everybody", "an identity reads"],
    ["time zone", "Mars/Base", "an IANA time zone"],
  ])("says at once what is wrong with an answer: %s", async (part, answer, said) => {
    const { ask } = scripted({ "account is guarded": account, [part]: answer });
    await expect(quietly({ file: file() }, ask)).rejects.toThrow(said);
  });

  test("writes nothing when somebody breaks off", async () => {
    const ask: Ask = {
      text: async () => {
        throw new Cancelled("broken off");
      },
      choice: async () => "",
    };
    await expect(quietly({ file: file() }, ask)).rejects.toThrow("broken off: nothing was written");
    expect(existsSync(file())).toBe(false);
  });
});

describe("the questions at a terminal", () => {
  const terminal = () => {
    const input = new PassThrough();
    const output = new PassThrough();
    let shown = "";
    output.setEncoding("utf8").on("data", (text: string) => {
      shown += text;
    });
    return { ask: askAtTerminal(input, output), type: (keys: string) => void input.write(keys), shown: () => shown };
  };
  const text = {
    message: "name?",
    initial: "usual",
    problem: (answer: string) => (answer === "bad" ? "no" : undefined),
  };
  const soon = () => new Promise((resolve) => setImmediate(resolve));

  test("give what is typed, or what is usual", async () => {
    const typed = terminal();
    const first = typed.ask.text(text);
    typed.type("x");
    typed.type("\r");
    expect(await first).toBe("x");
    const plain = terminal();
    const second = plain.ask.text(text);
    plain.type("\r");
    expect(await second).toBe("usual");
  });

  test("ask in the language that is spoken, and say in it what is wrong", async () => {
    speakAsAsked(["--lang", "zh-CN"]);
    try {
      const { ask, type, shown } = terminal();
      const asked = ask.text({
        message: "Which account is guarded?",
        initial: "",
        hint: "its id, digits only",
        problem: (answer) => (answer === "7" ? undefined : "an account id is digits only, in quotes"),
      });
      await soon();
      type("\r");
      await soon();
      type("7");
      type("\r");
      expect(await asked).toBe("7");
      expect(shown()).toContain("守护哪个账号？ (账号 ID，仅数字)");
      expect(shown()).toContain("账号 ID 仅含数字");
    } finally {
      speakAsAsked([]);
    }
  });

  test("offer a choice", async () => {
    const { ask, type } = terminal();
    const options = [
      { value: "a", label: "A" },
      { value: "b", label: "B" },
    ];
    const answer = ask.choice({ message: "which?", initial: "b", options });
    await soon();
    type("\r");
    expect(await answer).toBe("b");
  });

  test("are broken off by Ctrl-C", async () => {
    const { ask, type } = terminal();
    const answer = ask.text(text);
    type("\x03");
    await expect(answer).rejects.toThrow(Cancelled);
  });
});
