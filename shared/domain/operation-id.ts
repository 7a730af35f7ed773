/** Names repeat across services, so an operation is always a service and a name, joined by a point. */
export type Service = "Ram" | "Ims" | "ResourceManager" | "Sts";

export const services: readonly Service[] = ["Ram", "Ims", "ResourceManager", "Sts"];

export type OperationId = `${Service}.${string}`;
