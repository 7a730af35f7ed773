import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

// `npm ci` refuses a lock file that does not name every optional package of every platform. A registry mirror that
// serves the packages of one platform alone leaves the others out of the lock file that npm writes. This adds them, by
// what their parents ask for: run it after each `npm install` that changes the lock file.

type Entry = {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly optionalDependencies?: { readonly [name: string]: string };
};

const path = fileURLToPath(new URL("../package-lock.json", import.meta.url));
const lock = JSON.parse(readFileSync(path, "utf8")) as { packages: { [place: string]: Entry } };

const systems = ["android", "darwin", "linux", "win32", "freebsd"];
const processors = ["arm64", "x64", "ia32", "arm", "ppc64", "s390x", "riscv64"];

/** `@biomejs/cli-linux-x64-musl` runs on `linux`, `x64` and `musl`: such packages say so in their names. */
const platformOf = (name: string) => {
  const parts = name.split(/[/-]/);
  const os = systems.filter((one) => parts.includes(one));
  const cpu = processors.filter((one) => parts.includes(one));
  const libc = parts.includes("musl") ? ["musl"] : parts.includes("gnu") ? ["glibc"] : undefined;
  return os.length === 1 && cpu.length === 1 ? { os, cpu, ...(libc === undefined ? {} : { libc }) } : undefined;
};

let added = 0;
for (const parent of Object.values(lock.packages))
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`;
    const platform = platformOf(name);
    if (lock.packages[place] !== undefined || platform === undefined || !/^\d/.test(version)) continue;
    lock.packages[place] = { version, ...(parent.dev === true ? { dev: true } : {}), optional: true, ...platform };
    added += 1;
  }

const places = Object.keys(lock.packages).sort((a, b) => (a < b ? -1 : 1));
lock.packages = Object.fromEntries(places.map((place) => [place, lock.packages[place] as Entry]));
writeFileSync(path, `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(`${added} optional packages of other platforms added`);
