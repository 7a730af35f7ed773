import type { Service } from "../domain/operation-id.ts";

/** The services that the adapters talk to: those that change identities, and the audit trail. */
export type CloudService = Service | "ActionTrail";

type Entry = { readonly version: string; readonly host: (region: string) => string };

/**
 * API version and public host of each service. Ram, Ims and ResourceManager are central; Ims is named outright because
 * the rule that other SDKs follow for it has changed to a regional one.
 * https://alibabacloud.com/help/en/ram/developer-reference/api-ram-2015-05-01-endpoint
 */
const table: { readonly [service in CloudService]: Entry } = {
  Ram: { version: "2015-05-01", host: () => "ram.aliyuncs.com" },
  Ims: { version: "2019-08-15", host: () => "ims.aliyuncs.com" },
  ResourceManager: { version: "2020-03-31", host: () => "resourcemanager.aliyuncs.com" },
  Sts: { version: "2015-04-01", host: (region) => `sts.${region}.aliyuncs.com` },
  ActionTrail: { version: "2020-07-06", host: (region) => `actiontrail.${region}.aliyuncs.com` },
};

/** Where calls go instead of the public hosts, as `host` or `host:port`: one for all services, or service by service. */
export type EndpointOverride = string | { readonly [service in CloudService]?: string };

export type Endpoint = { readonly host: string; readonly version: string };

/** The host and API version for a service. Throws when the region could not be part of a host name. */
export const endpointOf = (service: CloudService, region: string, override?: EndpointOverride): Endpoint => {
  if (!/^[a-z]{2}-[a-z0-9-]{1,30}$/.test(region)) throw new TypeError("the region is not the name of a region");
  const own = typeof override === "string" ? override : override?.[service];
  return { host: own ?? table[service].host(region), version: table[service].version };
};

/** Whether a host is this machine: the only place that credentials are sent to without TLS. */
export const isLoopback = (host: string): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/.test(host);
