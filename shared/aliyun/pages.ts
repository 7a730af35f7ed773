import type { CloudError } from "../domain/cloud-error.ts";
import type { JsonObject } from "../domain/json.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import { textAt } from "./answers.ts";
import { unexpectedAnswer } from "./failure.ts";
import type { Parameters, Transport } from "./transport.ts";

/** More pages than an account can fill: a server that never ends is a failure, not a wait. */
const mostPages = 100;

export type Listing = {
  readonly service: "Ram" | "Ims" | "ResourceManager";
  readonly operation: string;
  readonly parameters: Parameters;
  /** The rows of one answer; `undefined` for an answer of another shape. */
  readonly rows: (body: JsonObject) => readonly JsonObject[] | undefined;
};

/** How one kind of listing goes on: what the next page is asked with, or `undefined` after the last one. */
type Next = (body: JsonObject, sent: Parameters, rowsSoFar: number) => Parameters | undefined | "strange";

const allRows =
  (first: Parameters, next: Next) =>
  async (
    send: Transport,
    { service, operation, parameters, rows }: Listing,
  ): Promise<Result<readonly JsonObject[], CloudError>> => {
    const all: JsonObject[] = [];
    let page: Parameters = first;
    for (let count = 1; count <= mostPages; count += 1) {
      const result = await send({ service, operation, parameters: { ...parameters, ...page }, effect: "read" });
      if (!result.ok) return result;
      const { body, requestId } = result.value;
      const found = rows(body);
      const following = next(body, page, all.length + (found?.length ?? 0));
      if (found === undefined || following === "strange")
        return failed(unexpectedAnswer(`${service}.${operation}`, "read", requestId));
      all.push(...found);
      if (following === undefined || found.length === 0) return ok(all);
      page = following;
    }
    return failed(unexpectedAnswer(`${service}.${operation}`, "read"));
  };

/** All rows of a list that goes by `Marker`; the last page may repeat the marker that it was asked with. */
export const rowsByMarker = (size: number) =>
  allRows({ MaxItems: size }, (body, sent) => {
    const marker = textAt(body, "Marker");
    if (body.IsTruncated !== true || marker === undefined || marker === "" || marker === sent.Marker) return undefined;
    return { MaxItems: size, Marker: marker };
  });

/** All rows of a list that goes by `NextToken`. */
export const rowsByToken = (size: number) =>
  allRows({ PageSize: size }, (body, sent) => {
    const token = textAt(body, "NextToken");
    if (token === undefined || token === "" || token === sent.NextToken) return undefined;
    return { PageSize: size, NextToken: token };
  });

/** All rows of a list that goes by number, as ResourceManager's do. */
export const rowsByNumber = (size: number) =>
  allRows({ PageNumber: 1, PageSize: size }, (body, sent, rowsSoFar) => {
    const total = body.TotalCount;
    if (typeof total !== "number") return "strange";
    return rowsSoFar >= total ? undefined : { PageNumber: Number(sent.PageNumber) + 1, PageSize: size };
  });

/** All rows of a list that comes in one page. */
export const rowsAtOnce = allRows({}, () => undefined);
