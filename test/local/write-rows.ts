import { openSqliteStateStore } from "../../shared/local/sqlite-state-store.ts";
import { systemClock } from "../../shared/local/system.ts";

// A process of its own: writes rows for ever and says which one is acknowledged, until it is killed.
const [path = "", writer = ""] = process.argv.slice(2);
const store = openSqliteStateStore(path, systemClock);

const run = async (): Promise<void> => {
  await store.putIfAbsent(`count/1/${writer}`, 0);
  for (let index = 0; ; index += 1) {
    await store.putIfAbsent(`row/${writer}/${String(index).padStart(6, "0")}`, { index, filler: "x".repeat(300) });
    await store.compareAndSet(`count/1/${writer}`, index + 1, index + 1);
    process.stdout.write(`${index}\n`);
  }
};

void run();
