import { runWarden } from "./program.ts";

// Whoever reads our output may stop reading; that is no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

await runWarden(process.argv.slice(2));
