/** What one endpoint is sent: the client's bytes with few edits where it speaks their dialect, else a translation. */
import type { Endpoint } from "../catalog/catalog.ts";
import { GapuraError } from "../kernel/errors.ts";
import { type JsonObject, type JsonValue, objectField } from "../kernel/json.ts";
import type { ClientDialect, ClientRequest, UpstreamDialect } from "./canonical/dialects.ts";
import type { CanonicalRequest } from "./canonical/request.ts";
import { type BodyEdits, editBody } from "./ingress/body-edits.ts";
import type { ProviderAdapter } from "./providers/adapter.ts";

const encoder = new TextEncoder();

/** A name that may stand in a header and in the log; others are made up by nobody in earnest. */
const PRINTABLE = /^[\w.-]{1,64}$/;

/** Fields that ask the gateway itself for something which it does not do; only a provider that knows them can. */
const NOT_DONE_HERE = ["plugins", "transforms", "preset"] as const;

/** The wishes about providers that are obeyed; a wish for privacy above all must not be lost in silence. */
const OBEYED_WISHES: ReadonlySet<string> = new Set(["require_parameters", "allow_fallbacks"]);

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

  constructor(client: ClientDialect, request: ClientRequest) {
    this.client = client;
    this.request = request;
  }

  /** Throws GapuraError: invalid_field, endpoint_unsuitable. */
  prepare(adapter: ProviderAdapter, { upstreamModel, modelId }: Endpoint): Prepared {
    const { client, request } = this;
    const target = { upstreamModel, streamed: request.streamed };
    const dialects = adapter.dialects(upstreamModel);
    const same = dialects.find(
      (dialect) => dialect.name === client.name && (dialect.native?.takes?.(request.body.value) ?? true),
    );
    if (same?.native) {
      const theirs = same.native.edits(request.body.value, target);
      const edits = merged(client.native.edits(request), theirs);
      return {
        upstream: same,
        body: editBody(request.body.bytes, request.body.fields, edits),
        dropped: [...theirs.dropped, ...this.#undone((field) => edits.remove.has(field))],
      };
    }
    if (same?.adapted) {
      const { body, dropped } = same.adapted.write(request.body.value, target);
      const named = dropped.filter((name) => PRINTABLE.test(name));
      return { upstream: same, body: encoded(body), dropped: [...named, ...this.#undone(() => true)] };
    }
    const other = dialects.find((dialect) => dialect.canonical);
    if (!other?.canonical || !client.canonical) {
      throw new GapuraError("endpoint_unsuitable", {
        values: { provider: adapter.descriptor.name, model: modelId, api: client.apiType },
      });
    }
    this.#canonical ??= client.canonical.read(request);
    const { body, dropped } = other.canonical.write(this.#canonical, target);
    return {
      upstream: other,
      body: encoded(body),
      // What only the client's dialect knows is lost on the way, and said to be.
      dropped: [
        ...dropped,
        ...Object.keys(this.#canonical.extras).filter((name) => PRINTABLE.test(name)),
        ...this.#undone(() => true),
      ],
    };
  }

  /** What the request asks of the gateway, and neither it nor the provider does. */
  #undone(isLost: (field: string) => boolean): string[] {
    const body = this.request.body.value;
    const undone: string[] = NOT_DONE_HERE.filter((field) => asksSomething(body[field]) && isLost(field));
    if (!isLost("provider")) return undone;
    const wishes = Object.entries(objectField(body, "provider") ?? {}).flatMap(([name, value]) =>
      !OBEYED_WISHES.has(name) && asksSomething(value) && PRINTABLE.test(name) ? [`provider.${name}`] : [],
    );
    return [...undone, ...wishes];
  }
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
  const set = new Map([...ours.set, ...theirs.set]);
  const remove = new Set([...ours.remove, ...theirs.remove]);
  for (const name of theirs.remove) if (!theirs.set.has(name)) set.delete(name);
  for (const name of set.keys()) remove.delete(name);
  return { set, remove };
}
