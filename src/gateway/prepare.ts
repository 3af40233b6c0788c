/** What one endpoint is sent: the client's bytes with few edits where it speaks their dialect, else a translation. */
import { isDeepStrictEqual } from "node:util";
import type { Endpoint } from "../catalog/catalog.ts";
import { GapuraError } from "../kernel/errors.ts";
import { arrayField, isJsonObject, type JsonObject, type JsonValue, objectField } from "../kernel/json.ts";
import type { ClientDialect, ClientRequest, DialectName, UpstreamDialect } from "./canonical/dialects.ts";
import type { CanonicalRequest } from "./canonical/request.ts";
import { type BodyEdits, editBody } from "./ingress/body-edits.ts";
import { KNOWN_WISHES } from "./ingress/provider-wishes.ts";
import { parseBody } from "./ingress/read-body.ts";
import type { ProviderAdapter } from "./providers/adapter.ts";
import type { AskedByName } from "./router/route.ts";
import type { RoutingWishes } from "./router/wishes.ts";
import { wishesFor } from "./router/wishes-on-wire.ts";

const encoder = new TextEncoder();

/** A name that may stand in a header and in the log; others are made up by nobody in earnest. */
const PRINTABLE = /^[\w.-]{1,64}$/;

/** Plugins that the gateway itself does. */
const OWN_PLUGINS: ReadonlySet<string> = new Set(["auto-router"]);

/** The body has been checked and is only changed by what is written here. */
const UNBOUNDED = { maxBytes: Number.MAX_SAFE_INTEGER, maxDepth: Number.MAX_SAFE_INTEGER };

/** What an attempt is prepared from. */
export interface Sending {
  endpoint: Pick<Endpoint, "upstreamModel" | "modelId" | "providerNames" | "readsWishes" | "model">;
  asked: AskedByName;
  /** What was wished in all. */
  wishes: RoutingWishes;
  /** The longest answer to ask for, in tokens, in place of what the request says; null to leave that as it is. */
  answerTokens?: number | null | undefined;
}

export interface Prepared {
  upstream: UpstreamDialect;
  body: Uint8Array<ArrayBuffer>;
  /** Parameters of the request that this endpoint has no word for. */
  dropped: readonly string[];
}

/** A request on its way: read into the canonical form at most once, and only where it is needed. */
export class Outgoing {
  readonly client: ClientDialect;
  readonly request: ClientRequest;
  #canonical: CanonicalRequest | undefined;
  #thinking: Outgoing | undefined;

  constructor(client: ClientDialect, request: ClientRequest) {
    this.client = client;
    this.request = request;
  }

  /** Throws GapuraError: invalid_field, endpoint_unsuitable. */
  prepare(adapter: ProviderAdapter, sending: Sending): Prepared {
    if (sending.asked.thinking) {
      this.#thinking ??= this.#asThinking();
      return this.#thinking.prepare(adapter, { ...sending, asked: { ...sending.asked, thinking: false } });
    }
    const { client, request } = this;
    const { upstreamModel, modelId } = sending.endpoint;
    const target = { upstreamModel, streamed: request.streamed };
    const dialects = adapter.dialects(upstreamModel);
    const bound = boundOf(client.name, sending);
    const value = bound === null ? request.body.value : { ...request.body.value, ...bound };
    const same = dialects.find((dialect) => dialect.name === client.name && (dialect.native?.takes?.(value) ?? true));
    if (same?.native) {
      const theirs = same.native.edits(value, target);
      const ours = withBound(client.native.edits(request), bound);
      const edits = withWishes(merged(ours, theirs), value, sending);
      return {
        upstream: same,
        body: editBody(request.body.bytes, request.body.fields, edits),
        dropped: [...theirs.dropped, ...this.#undone(sending, (field) => edits.remove.has(field))],
      };
    }
    if (same?.adapted) {
      const { body, dropped } = same.adapted.write(request.body.value, target);
      const named = dropped.filter((name) => PRINTABLE.test(name));
      return { upstream: same, body: encoded(body), dropped: [...named, ...this.#undone(sending, () => true)] };
    }
    const other = dialects.find((dialect) => dialect.canonical);
    if (!other?.canonical || !client.canonical) {
      throw new GapuraError("endpoint_unsuitable", {
        values: { provider: adapter.descriptor.name, model: modelId, api: client.apiType },
      });
    }
    this.#canonical ??= client.canonical.read(request);
    const maxOutputTokens = sending.answerTokens ?? this.#canonical.maxOutputTokens;
    const canonical = { ...this.#canonical, maxOutputTokens };
    const { body, dropped } = other.canonical.write(canonical, target);
    return {
      upstream: other,
      body: encoded(body),
      // What only the client's dialect knows is lost on the way, and said to be.
      dropped: [
        ...dropped,
        ...Object.keys(this.#canonical.extras).filter((name) => PRINTABLE.test(name)),
        ...this.#undone(sending, () => true),
      ],
    };
  }

  /** What the request asks of the gateway, and neither it nor the provider does. */
  #undone({ endpoint, asked }: Sending, isLost: (field: string) => boolean): string[] {
    const body = this.request.body.value;
    const undone: string[] = [];
    if (isLost("plugins") && asksForPlugins(body)) undone.push("plugins");
    // Some models search by themselves whenever they are asked.
    const searches = endpoint.readsWishes || endpoint.model?.supportedParameters.includes("web_search_options");
    if (asked.webSearch && !searches && undone.length === 0) undone.push("plugins");
    if (asksSomething(body.transforms) && isLost("transforms")) undone.push("transforms");
    const wishes = objectField(body, "provider");
    if (wishes === undefined || !isLost("provider")) return undone;
    for (const name in wishes) {
      if (KNOWN_WISHES.has(name) || !asksSomething(wishes[name]) || !PRINTABLE.test(name)) continue;
      undone.push(`provider.${name}`);
    }
    return undone;
  }

  #asThinking(): Outgoing {
    const { client, request } = this;
    const fields = client.thinking?.(request.body.value) ?? {};
    const set = new Map(Object.entries(fields).map(([name, value]) => [name, JSON.stringify(value)]));
    const bytes = editBody(request.body.bytes, request.body.fields, { set, remove: new Set() });
    return new Outgoing(client, { ...request, body: parseBody(bytes, UNBOUNDED) });
  }
}

/** Where each dialect says how long the answer may be; none for those that write nothing. */
const BOUND_FIELDS: Partial<Record<DialectName, string>> = {
  "openai-chat": "max_completion_tokens",
  "openai-completions": "max_tokens",
  "openai-responses": "max_output_tokens",
  "anthropic-messages": "max_tokens",
};

/** The one field that bounds the answer; null where it stays as the client wrote it. */
function boundOf(dialect: DialectName, { answerTokens }: Sending): JsonObject | null {
  const field = BOUND_FIELDS[dialect];
  return field === undefined || typeof answerTokens !== "number" ? null : { [field]: answerTokens };
}

function withBound({ set, remove }: BodyEdits, bound: JsonObject | null): BodyEdits {
  if (bound === null) return { set, remove };
  const fields = Object.entries(bound).map(([name, value]): [string, string] => [name, JSON.stringify(value)]);
  return { set: new Map([...set, ...fields]), remove };
}

/** A provider that is a router itself is told what account and preset wish too, and what the model's name asked for. */
function withWishes(edits: BodyEdits, body: JsonObject, { endpoint, asked, wishes }: Sending): BodyEdits {
  if (!endpoint.readsWishes || edits.remove.has("provider")) return edits;
  const set = new Map(edits.set);
  const written = objectField(body, "provider") ?? {};
  const unknown = Object.entries(written).filter(([name]) => !KNOWN_WISHES.has(name));
  const told = { ...Object.fromEntries(unknown), ...wishesFor(endpoint, wishes) };
  if (!isDeepStrictEqual(told, written)) set.set("provider", JSON.stringify(told));
  const plugins = arrayField(body, "plugins");
  const isSearching = plugins.some((plugin) => isJsonObject(plugin) && plugin.id === "web");
  if (asked.webSearch && !isSearching) set.set("plugins", JSON.stringify([...plugins, { id: "web" }]));
  return { set, remove: edits.remove };
}

function asksForPlugins({ plugins }: JsonObject): boolean {
  if (!Array.isArray(plugins)) return asksSomething(plugins);
  return plugins.some((plugin) => {
    if (!isJsonObject(plugin)) return true;
    return plugin.enabled !== false && !(typeof plugin.id === "string" && OWN_PLUGINS.has(plugin.id));
  });
}

function asksSomething(value: JsonValue | undefined): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== "" && value !== false;
}

function encoded(body: JsonObject): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify(body));
}

/** What a provider takes out stays out, whatever the client's dialect would set. */
function merged(ours: BodyEdits, theirs: BodyEdits): BodyEdits {
  if (ours.set.size === 0 && ours.remove.size === 0) return theirs;
  const set = new Map([...ours.set, ...theirs.set]);
  const remove = new Set([...ours.remove, ...theirs.remove]);
  for (const name of theirs.remove) if (!theirs.set.has(name)) set.delete(name);
  for (const name of set.keys()) remove.delete(name);
  return { set, remove };
}
