/** What settings are written from. Lists are as they are typed: whether they are right is for the settings' own reader to say. */
export type Answers = {
  readonly account: string;
  readonly region: string;
  readonly language: string;
  readonly timeZone: string;
  readonly mode: string;
  readonly trustedAccounts: readonly string[];
  readonly pipelines: readonly string[];
  readonly provisioners: readonly string[];
  readonly protectedOnes: readonly string[];
  readonly channel: string;
  readonly state: string;
};

/** An id that is right by itself, to try other answers out beside. */
export const exampleAccount = "1234567890123456";

/** What goes without saying, but for the account. */
export const usualAnswers: Omit<Answers, "account"> = {
  region: "cn-hangzhou",
  language: "en",
  timeZone: "UTC",
  mode: "observe",
  trustedAccounts: [],
  pipelines: [],
  provisioners: [],
  protectedOnes: [],
  channel: "dingtalk",
  state: "sqlite",
};

/** How a person is asked. Each rejects with `Cancelled` where they break off. */
export type Ask = {
  readonly text: (question: {
    readonly message: string;
    readonly initial: string;
    readonly hint?: string;
    /** Why an answer will not do; undefined where it will. */
    readonly problem: (answer: string) => string | undefined;
  }) => Promise<string>;
  readonly choice: (question: {
    readonly message: string;
    readonly initial: string;
    readonly options: readonly { readonly value: string; readonly label: string; readonly hint?: string }[];
  }) => Promise<string>;
};

/** The person broke off. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
}

/** Names between commas or spaces. */
export const namesIn = (text: string): readonly string[] => text.split(/[\s,，]+/).filter((name) => name !== "");

type Problems = (answers: Answers) => readonly string[];

/**
 * Asks for what was not given. An answer is held against the settings' own rules when it is given: `problemsOf` says what
 * is wrong with settings that are written from answers.
 */
export const askForAnswers = async (ask: Ask, given: Partial<Answers>, problemsOf: Problems): Promise<Answers> => {
  // An answer is tried out beside ones that are right by themselves.
  let answers: Answers = { account: exampleAccount, ...usualAnswers };
  const problemWith = (part: Partial<Answers>): string | undefined => problemsOf({ ...answers, ...part })[0];
  const text = async (name: "account" | "timeZone", message: string, hint?: string): Promise<void> => {
    const known = given[name];
    const value =
      known ??
      (await ask.text({
        message,
        initial: name === "account" ? "" : answers[name],
        ...(hint === undefined ? {} : { hint }),
        problem: (answer) => problemWith({ [name]: answer.trim() }),
      }));
    answers = { ...answers, [name]: value.trim() };
  };
  const list = async (
    name: "trustedAccounts" | "pipelines" | "provisioners" | "protectedOnes",
    message: string,
    hint: string,
  ): Promise<void> => {
    const known = given[name];
    const value =
      known ??
      namesIn(
        await ask.text({ message, initial: "", hint, problem: (answer) => problemWith({ [name]: namesIn(answer) }) }),
      );
    answers = { ...answers, [name]: value };
  };
  const choice = async (
    name: "region" | "language" | "mode" | "channel" | "state",
    message: string,
    options: Parameters<Ask["choice"]>[0]["options"],
  ): Promise<void> => {
    const value = given[name] ?? (await ask.choice({ message, initial: answers[name], options }));
    answers = { ...answers, [name]: value };
  };

  await text("account", "Which account is guarded?", "its id, digits only");
  await choice("region", "Where are the account's global events?", [
    { value: "cn-hangzhou", label: "cn-hangzhou", hint: "accounts of the China site" },
    { value: "ap-southeast-1", label: "ap-southeast-1", hint: "accounts of the international site" },
  ]);
  await choice("language", "In which language are people told?", [
    { value: "en", label: "English" },
    { value: "zh-CN", label: "中文" },
  ]);
  await text("timeZone", "In which time zone?", "such as Asia/Shanghai");
  await list("trustedAccounts", "Which other accounts may roles trust?", "their ids; nothing for none");
  await list("pipelines", "Who deploys to the account?", "role/terraform, user/ci; what they do is told, not fought");
  await list("provisioners", "Whose job is it to create AccessKeys?", "role/identity-provisioner");
  await list("protectedOnes", "Whom is RAM Warden never to write to?", "user/break-glass");
  await choice("channel", "Who is told?", [
    { value: "dingtalk", label: "a DingTalk robot" },
    { value: "webhook", label: "a webhook", hint: "Standard Webhooks" },
    { value: "console", label: "the log" },
  ]);
  await choice("state", "Where is the state kept?", [
    {
      value: "sqlite",
      label: "in a file here",
      hint: "for the terminal; a function is told its table by its environment",
    },
    { value: "tablestore", label: "in Tablestore" },
  ]);
  await choice("mode", "Does it write?", [
    { value: "observe", label: "no: it says what it would have done", hint: "to begin with" },
    { value: "enforce", label: "yes: it puts back and contains" },
  ]);
  return answers;
};
