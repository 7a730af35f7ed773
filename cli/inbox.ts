import type { Mount } from "../sandbox/index.ts";

/** Serves what a DingTalk stand-in took as a JSON list, oldest first. */
export const inboxMount = (messages: () => readonly unknown[]): Mount => ({
  path: "/inbox",
  handle: (_request, response) => {
    response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
    response.end(JSON.stringify(messages()));
  },
});
