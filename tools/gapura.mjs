#!/usr/bin/env node
/** The `gapura` command: runs the program through Bun. In a clone, `serve` builds the dashboard first when it must. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runBun } from "./bun.mjs";

const args = process.argv.slice(2);
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const serves = args.length === 0 || args[0] === "serve" || args[0].startsWith("-");
const isClone = existsSync(path("../web/index.html"));
runBun([path(serves && isClone ? "./serve.ts" : "../src/cli/main.ts"), ...args]);
