import type { Command } from "commander";
import { transport } from "../../shared/aliyun/transport.ts";
import type { CloudError } from "../../shared/domain/cloud-error.ts";
import { cloudErrorText } from "../../shared/domain/cloud-error.ts";
import { services } from "../../shared/domain/operation-id.ts";
import { systemClock } from "../../shared/local/system.ts";
import type { CommonOptions } from "../context.ts";
import { inNameOf } from "../context.ts";
import { asOption, languageOption } from "../options.ts";
import { BadInput, CloudFailed, exit, printJson, runCommand, safe } from "../output.ts";
import { runningSession } from "../sandbox-session.ts";

export const addCall = (program: Command): void => {
  program
    .command("call")
    .description("call the API of the sandbox that `npm start` runs here, as its administrator or somebody else there")
    .argument("<operation>", "Ram.AttachPolicyToUser")
    .argument("[parameters...]", "UserName=alice …")
    .option("--json", "the answer is one JSON document on stdout, with this and without it")
    .addOption(languageOption())
    .addOption(asOption())
    .action((operation: string, parameters: readonly string[], { as }: CommonOptions) =>
      runCommand(() => call(operation, parameters, as)),
    );
};

const call = async (operation: string, given: readonly string[], as: string | undefined): Promise<number> => {
  const running = runningSession();
  if (running === undefined) throw new BadInput("no sandbox runs in this folder; start one with `npm start`");
  const session = inNameOf(running, as) ?? running;
  const [name, method, ...rest] = operation.split(".");
  const service = services.find((one) => one === name);
  if (service === undefined || !method || rest.length > 0)
    throw new BadInput(
      `\`${safe(operation)}\` is not an operation: give ${services.map((one) => `\`${one}.…\``).join(", ")}`,
    );
  const parameters = Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf("=");
      if (at < 1) throw new BadInput(`\`${safe(text)}\` is not a parameter: give \`Name=value\``);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
  let said = "";
  const send = transport({
    credentials: session,
    clock: systemClock,
    region: "cn-hangzhou",
    endpoint: session.endpoint,
    protocol: "http",
    onRefusal: (message) => {
      said = message;
    },
  });
  const answer = await send({ service, operation: method, parameters, effect: "write" });
  if (!answer.ok) throw refusedBy(answer.error, said);
  printJson(answer.value.body);
  return exit.done;
};

/** The longest sentence of the cloud's that is shown. */
const longestSaid = 500;

/** What the caller can put right is bad input; the rest is the cloud's. Its code and its own sentence are both shown. */
const refusedBy = (error: CloudError, said: string): Error => {
  const sentence = said === "" ? "" : `: ${safe(said.slice(0, longestSaid))}`;
  const text = `${cloudErrorText(error)}${sentence}`;
  const ours = error.kind === "invalid" || error.kind === "not-found" || error.kind === "conflict";
  return ours ? new BadInput(text) : new CloudFailed(text);
};
