/** Whether the configured port can be listened on. */
import { createServer } from "node:net";
import { listenAddress } from "../../config/hosts.ts";
import type { Config } from "../../config/schema.ts";
import { type Finding, fail, ok } from "./finding.ts";

/** `isRunning`: an instance already uses the data folder, so a used port is most likely its own. */
export async function checkPort(config: Config, isRunning: boolean): Promise<Finding> {
  if (config.port === 0) return ok("port", "any free port is taken at every start");
  const place = `${config.host}:${config.port}`;
  const code = await tryToListen(listenAddress(config.host), config.port);
  if (code === undefined) return ok("port", `${place} is free`);
  if (code === "EADDRINUSE" && isRunning) return ok("port", `${place} is in use while this instance is running`);
  if (code === "EADDRINUSE") {
    return fail(
      "port",
      `${place} is used by another program`,
      `Stop it, or choose another port with PORT=${config.port + 1}.`,
    );
  }
  if (code === "EACCES") return fail("port", `this user may not open port ${config.port}`, "Choose a port above 1023.");
  return fail(
    "port",
    `${place} cannot be listened on (${code})`,
    "Set HOST to localhost, 0.0.0.0 or an address of this machine.",
  );
}

/** Undefined when it worked, else the system's error code. Nothing stays open. */
function tryToListen(address: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve("code" in error ? String(error.code) : error.message));
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
