/** `serve` from a clone: makes sure the dashboard is built, then runs the program in this same process. */
import { buildWeb } from "./build-web.ts";

const isHelp = process.argv.some((argument) => argument === "--help" || argument === "-h" || argument === "--version");
if (!isHelp && !(await buildWeb({ force: false }))) process.exit(1);
await import("../src/cli/main.ts");
