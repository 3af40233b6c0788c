/** `serve` from a clone: makes sure the dashboard is built, then runs the program in this same process. */
import { buildWeb } from "./build-web.ts";

const onlyAsks = process.argv.some((argument) => ["--help", "-h", "--version", "-v"].includes(argument));
if (!onlyAsks && (await buildWeb()) === "failed") process.exit(1);
await import("../src/cli/main.ts");
