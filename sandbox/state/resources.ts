/** A resource of some product, known only by what resource groups say of it. */
export type CloudResource = {
  readonly service: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly regionId: string;
  readonly resourceGroupId: string;
  readonly createDate: string;
};

/** What was generated last; every new one replaces it. */
export type Reports = {
  readonly credential?: { readonly generatedTime: string; readonly rows: readonly string[] };
  readonly governance?: { readonly generatedTime: string };
};

export const resourceKey = ({
  service,
  resourceType,
  resourceId,
}: Pick<CloudResource, "service" | "resourceType" | "resourceId">): string =>
  [service, resourceType, resourceId].join("/").toLowerCase();
