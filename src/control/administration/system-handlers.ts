/** How the server does, and the settings that are in force: what only runs is asked through ports. Nothing is changed. */
import type { ConfigurationView, SystemState } from "../../contract/schemas/administration.ts";
import type { Handlers } from "../http/handler.ts";

export interface SystemHandlerDeps {
  version: string;
  startedAtMs: number;
  database(): Promise<SystemState["database"]>;
  disk(): Promise<SystemState["disk"]>;
  process: SystemState["process"];
  usageTrouble(): SystemState["usageTrouble"];
  providers(): SystemState["failingProviders"];
  jobs(): Promise<SystemState["jobs"]>;
  configuration: ConfigurationView;
}

/** Those on purpose are not: switched off, hidden behind another, or still being looked at. */
const FAILING: ReadonlySet<string> = new Set(["unreachable", "refused", "locked"]);

export function systemHandlers(deps: SystemHandlerDeps): Handlers<"getSystem" | "getConfiguration"> {
  return {
    getSystem: async () => {
      const [database, disk, jobs] = await Promise.all([deps.database(), deps.disk(), deps.jobs()]);
      const failingProviders = deps.providers().filter(({ state }) => FAILING.has(state));
      const { version, startedAtMs: startedAt, process } = deps;
      const states = { usageTrouble: deps.usageTrouble(), failingProviders, jobs };
      return { body: { version, startedAt, database, disk, process, ...states } };
    },
    getConfiguration: async () => ({ body: deps.configuration }),
  };
}
