import { dingtalkHosts } from "./domain/dingtalk-hosts.ts";

const loopback = ["127.0.0.1", "localhost", "[::1]"];

/**
 * What is wrong with the host of a robot's address, never quoting it: whatever else is posted to would get the alerts, and
 * the access token with them. This machine is taken, for a sandbox. Undefined for what is no URL: that is another problem.
 */
export const robotHostProblem = (address: string): string | undefined => {
  if (!URL.canParse(address)) return undefined;
  const { hostname } = new URL(address);
  return dingtalkHosts.includes(hostname) || loopback.includes(hostname)
    ? undefined
    : `names a host that is not DingTalk's; allowed: ${dingtalkHosts.map((host) => `\`${host}\``).join(", ")}`;
};
