import type { Answers } from "./answers.ts";

/** Where ActionTrail delivers the events of RAM: of accounts of the China site, and of the international one. */
const homeRegions: readonly string[] = ["cn-hangzhou", "ap-southeast-1"];

/**
 * What settings may hold and nobody means who is asked: they load, and guard an account that is none, or wait where no
 * event ever comes. Whoever has such an account writes it into the file.
 */
export const slipsIn = ({ account, region }: Pick<Answers, "account" | "region">): readonly string[] => [
  ...(/^\d+$/.test(account) && account.length !== 16
    ? [
        "`account`: an account's id has 16 digits: the console shows it under the picture at the top right, `aliyun sts GetCallerIdentity` as `AccountId`",
      ]
    : []),
  ...(/^[a-z]{2}(-[a-z0-9]+)+$/.test(region) && !homeRegions.includes(region)
    ? [
        "`region`: the events of RAM arrive in `cn-hangzhou`, or in `ap-southeast-1` for accounts of the international site, wherever else you work",
      ]
    : []),
];

const flags: { readonly [key: string]: string } = {
  account: "account",
  region: "region",
  language: "language",
  timeZone: "time-zone",
  mode: "mode",
  "trusted.accounts": "trusted",
  pipelines: "pipeline",
  provisioners: "provisioner",
  protected: "protected",
  channels: "channel",
  state: "state",
};

/** A problem of the settings with the flag that it came from: whoever gave that has not seen the key. */
export const withFlag = (problem: string): string => {
  const [whole = "", path = ""] = /^`([A-Za-z0-9.]+)`: /.exec(problem) ?? [];
  const key = Object.keys(flags).find((one) => path === one || path.startsWith(`${one}.`));
  return key === undefined
    ? problem
    : `\`--${flags[key]}\` (\`${path}\` of the settings): ${problem.slice(whole.length)}`;
};
