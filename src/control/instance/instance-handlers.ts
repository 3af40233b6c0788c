/** What the instance is and has: its state, its providers, its models, its API's description. */
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from "../../contract/schemas/account.ts";
import type { Instance, Provider } from "../../contract/schemas/instance.ts";
import { GapuraError } from "../../kernel/errors.ts";
import type { Handlers } from "../http/handler.ts";

export interface InstanceHandlerDeps {
  version: string;
  baseUrl: string;
  setupState(): Promise<Instance["setup"]>;
  signUp: Instance["signUp"];
  singleSignOn: Instance["singleSignOn"];
  mailDelivery: Instance["mail"]["delivery"];
  payloadRetentionDays: number | null;
  display: Instance["display"];
  /** Ports to what runs: filled by main.ts. */
  providers(): Provider[];
  /** Rejects when the database does not answer. */
  pingStorage(): Promise<void>;
  isDraining(): boolean;
  openApiDocument(): { openapi: string };
}

type InstanceOperations = "health" | "readiness" | "getInstance" | "listProviders" | "openApi";

export function instanceHandlers(deps: InstanceHandlerDeps): Handlers<InstanceOperations> {
  // Anybody may ask for it, and making it takes longer than all that a request may.
  let document: { openapi: string } | undefined;
  return {
    health: async () => ({ body: { status: deps.isDraining() ? "draining" : "ok" } }),
    readiness: async () => {
      if (deps.isDraining()) throw new GapuraError("shutting_down", { retryAfterSeconds: 5 });
      await deps.pingStorage().catch((cause) => {
        throw new GapuraError("storage_unavailable", { cause, retryAfterSeconds: 5 });
      });
      return { body: { status: "ok" } };
    },
    getInstance: async ({ visitor }) => ({
      body: {
        name: "Gapura",
        version: deps.version,
        baseUrl: deps.baseUrl,
        setup: await deps.setupState(),
        signUp: deps.signUp,
        singleSignOn: deps.singleSignOn,
        mail: { delivery: deps.mailDelivery, mailboxOpen: deps.mailDelivery === "mailbox" && visitor.isLocal },
        payloadRetentionDays: deps.payloadRetentionDays,
        display: deps.display,
        password: { minLength: PASSWORD_MIN_LENGTH, maxLength: PASSWORD_MAX_LENGTH },
      },
    }),
    listProviders: async () => ({ body: { providers: deps.providers() } }),
    openApi: async () => {
      document ??= deps.openApiDocument();
      return { body: document };
    },
  };
}
