import type { IncomingMessage, ServerResponse } from "node:http";
import type { Mount } from "../sandbox/index.ts";

const asJson =
  (value: () => unknown) =>
  (_request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
    response.end(JSON.stringify(value()));
  };

/** Serves what a DingTalk stand-in took as a JSON list, oldest first. */
export const inboxMount = (messages: () => readonly unknown[]): Mount => ({ path: "/inbox", handle: asJson(messages) });

/** Serves the account as it stands, without secrets. */
export const snapshotMount = (dump: () => unknown): Mount => ({ path: "/snapshot", handle: asJson(dump) });
