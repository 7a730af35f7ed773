import type { Command } from "commander";
import { languageOption } from "../options.ts";
import { runCommand } from "../output.ts";
import { said } from "../said.ts";
import { type CompareFlags, comparePolicies } from "./compare.ts";
import { type ExplainFlags, explainPolicies } from "./explain.ts";
import { finish } from "./output.ts";

/** Adds `policy compare` and `policy explain` to the command line. */
export const addPolicyCommands = (program: Command): void => {
  const policy = program.command("policy").description("what RAM documents mean");
  policy
    .command("compare")
    .description("what the second document allows that the first does not, with a request that shows it")
    .argument(
      "<before>",
      "a file with a document, or with a list of documents attached together; `-` for standard input",
    )
    .argument("<after>", "the same, for what holds afterwards; `[]` in a file stands for nothing attached")
    .option("--trust", "read the documents as trust documents of a role")
    .option("--account <id>", "the own account, to tell it from others in trust documents")
    .option("--json", "one JSON document on standard output, in both languages where it has sentences")
    .addOption(languageOption())
    .addHelpText("after", () => `\n${said("exit code: 0 nothing new, 1 new access or undecided, 2 bad input")}`)
    .action((before: string, after: string, flags: CompareFlags) =>
      runCommand(async () => finish(comparePolicies(before, after, flags))),
    );
  policy
    .command("explain")
    .description("what a document allows that matters: tier, escalation routes, reasons")
    .argument(
      "<document>",
      "a file with a document, or with a list of documents attached together; `-` for standard input",
    )
    .option("--trust", "read it as the trust document of a role")
    .option("--account <id>", "the own account, to tell it from others in a trust document")
    .option("--json", "one JSON document on standard output")
    .addOption(languageOption())
    .addHelpText("after", () => `\n${said("exit code: 0 done, 2 bad input")}`)
    .action((document: string, flags: ExplainFlags) =>
      runCommand(async () => finish(explainPolicies(document, flags))),
    );
};
