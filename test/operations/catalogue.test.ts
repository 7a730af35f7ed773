import { expect, test } from "vitest";
import type { OperationId } from "../../shared/domain/operation-id.ts";
import { catalogue, catalogued, serviceNamed } from "../../shared/operations/catalogue.ts";
import { entryOf, understoodOperations } from "../../shared/operations/understood.ts";

test("the catalogue has 137 writes, each once", () => {
  expect(catalogue).toHaveLength(137);
  expect(new Set(catalogue.map((id) => id.toLowerCase())).size).toBe(137);
  const count = (service: string): number => catalogue.filter((id) => id.startsWith(`${service}.`)).length;
  expect([count("Ram"), count("Ims"), count("ResourceManager"), count("Sts")]).toEqual([45, 64, 25, 3]);
});

test("every catalogued write has an entry, and is found by its id", () => {
  expect(Object.keys(understoodOperations).sort()).toEqual([...catalogue].sort());
  for (const [id, entry] of Object.entries(understoodOperations)) expect(entryOf(id as OperationId)).toBe(entry);
});

test("names are found whatever their case, and only in their own service", () => {
  expect(catalogued("Ram", "UpdateRole")).toBe("Ram.UpdateRole");
  expect(catalogued("Ram", "UPDATEROLE")).toBe("Ram.UpdateRole");
  expect(catalogued("Ims", "UpdateRole")).toBeUndefined();
  expect(catalogued("Ram", "GetRole")).toBeUndefined();
  expect(serviceNamed("RESOURCEMANAGER")).toBe("ResourceManager");
  expect(serviceNamed("Tag")).toBeUndefined();
});

test("what an operation loses is named where something is lost", () => {
  expect(entryOf("Ram.UpdateRole")?.lost).toContain("trust policy");
  expect(entryOf("Ram.CreateAccessKey")?.lost).toEqual([]);
});
