/** Whether the built dashboard is where the server looks for it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../config/schema.ts";
import { type Finding, ok, warn } from "./finding.ts";

export function checkDashboard(config: Config): Finding {
  if (existsSync(join(config.webDir, "index.html"))) return ok("dashboard", config.webDir);
  return warn("dashboard", `it is not built (${config.webDir})`, "`npm start` builds it; the API works without it.");
}
