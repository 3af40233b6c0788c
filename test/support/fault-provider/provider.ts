/**
 * A provider in OpenAI's chat dialect that fails as it is told to, byte by byte, and that knows to the byte and the
 * word what it has sent. It speaks HTTP over raw sockets, because an HTTP server would put right what is to be wrong.
 *
 * What it does with a request is said, the first that is there: by the request's header or field (script.ts), by what
 * `scripts` holds for the model, by `script`. Nothing here rejects: a gateway that leaves is one of the things that happen.
 */
import { isJsonObject, parseJson } from "../../../src/kernel/json.ts";
import { Connection, type RawRequest } from "./connection.ts";
import { Exchange, sharedNowMs } from "./exchange.ts";
import { play } from "./play.ts";
import { FAULT_FIELD, FAULT_HEADER, type FaultScript, readScript, readScriptText, WHOLE_ANSWER } from "./script.ts";

export interface FaultProvider {
  /** For the provider's base URL. */
  url: string;
  /** `host:port`, for ALLOW_PRIVATE_UPSTREAM. */
  host: string;
  /** What requests are answered with that say nothing else; it may differ from one to the next. */
  script: Partial<FaultScript> | ((exchange: Exchange, number: number) => Partial<FaultScript>);
  /** The same for single models. */
  scripts: Map<string, Partial<FaultScript>>;
  /** Every request for an answer so far. */
  exchanges: Exchange[];
  /** Connections that are open now. */
  readonly openConnections: number;
  /** Resolves to the next request for an answer that has not been given out yet. */
  next(): Promise<Exchange>;
  stop(): void;
}

export interface FaultProviderOptions {
  models: readonly string[];
  /** By which requests can give this provider a script of its own, in a field `fault_of_<name>`. */
  name?: string;
  seed?: number;
  port?: number;
}

/** What a prompt has by the rule of thumb that a gateway estimates with, and what the provider reports. */
export const PROMPT_TOKENS = 12;

/** Where a program in another process asks for all that was sent so far, as a list of Truth. */
export const TRUTH_PATH = "/truth";

interface State {
  connection: Connection;
  exchange: Exchange | null;
  isPlaying: boolean;
}

export function startFaultProvider({ models, name = "", seed = 1, port = 0 }: FaultProviderOptions): FaultProvider {
  const exchanges: Exchange[] = [];
  const open = new Set<Connection>();
  const waiting: ((exchange: Exchange) => void)[] = [];
  let given = 0;
  let connections = 0;
  const listener = Bun.listen<State>({
    hostname: "127.0.0.1",
    port,
    socket: {
      open: (socket) => {
        const connection = new Connection(socket, connections++);
        open.add(connection);
        socket.data = { connection, exchange: null, isPlaying: false };
      },
      data: ({ data: state }, bytes) => {
        const request = state.connection.receive(bytes);
        if (request !== undefined) void answer(state, request);
      },
      drain: ({ data: state }) => state.connection.drain(),
      close: ({ data: state }) => {
        open.delete(state.connection);
        state.connection.closed();
        state.exchange?.end("client");
        state.exchange?.close();
      },
      error: () => {},
    },
  });
  const answer = async (state: State, request: RawRequest): Promise<void> => {
    if (state.isPlaying) return;
    state.isPlaying = true;
    let next: RawRequest | undefined = request;
    while (next !== undefined && state.connection.isOpen) {
      const isKept = next.method === "GET" ? await tell(state.connection, next.path) : await converse(state, next);
      if (!isKept) break;
      next = state.connection.next();
    }
    state.isPlaying = false;
  };
  const tell = (connection: Connection, path: string): Promise<boolean> => {
    if (path === TRUTH_PATH)
      return sendJson(
        connection,
        exchanges.map(({ truth }) => truth),
      );
    return sendJson(connection, { object: "list", data: models.map((id) => ({ id, object: "model", created: 1 })) });
  };
  const converse = async (state: State, request: RawRequest): Promise<boolean> => {
    const exchange = exchangeOf(request, { number: exchanges.length, seed, host: provider.host });
    const script = { ...WHOLE_ANSWER, ...scriptFor({ ...provider, name }, exchange, exchanges.length) };
    state.exchange = exchange;
    exchanges.push(exchange);
    waiting.shift()?.(exchange);
    return (await play(state.connection, exchange, script)) === "kept";
  };
  const host = `127.0.0.1:${listener.port}`;
  const provider: FaultProvider = {
    url: `http://${host}/v1`,
    host,
    script: {},
    scripts: new Map(),
    exchanges,
    get openConnections() {
      return open.size;
    },
    next: () => {
      const already = exchanges[given++];
      return already === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(already);
    },
    stop: () => listener.stop(true),
  };
  return provider;
}

function scriptFor(
  { script, scripts, name }: Pick<FaultProvider, "script" | "scripts"> & { name: string },
  exchange: Exchange,
  number: number,
): Partial<FaultScript> {
  const { headers, body } = exchange.request;
  return (
    readScriptText(headers[FAULT_HEADER]) ??
    readScript(body[`${FAULT_FIELD}_of_${name}`]) ??
    readScript(body[FAULT_FIELD]) ??
    scripts.get(exchange.truth.model) ??
    (typeof script === "function" ? script(exchange, number) : script)
  );
}

function exchangeOf(
  { headers, body }: RawRequest,
  { number, seed, host }: { number: number; seed: number; host: string },
): Exchange {
  const parsed = parseJson(body.toString("utf8"));
  const fields = parsed.ok && isJsonObject(parsed.value) ? parsed.value : {};
  return new Exchange(
    {
      id: `chatcmpl-${host}-${number}`,
      model: String(fields.model ?? ""),
      user: String(fields.user ?? ""),
      streamed: fields.stream === true,
      seed: seed + number,
      promptTokens: PROMPT_TOKENS,
      receivedAtMs: sharedNowMs(),
      status: 0,
      bodyBytes: 0,
      tokens: 0,
      hasFinished: false,
      isWhole: false,
      ending: null,
    },
    { headers, body: fields },
  );
}

function sendJson(connection: Connection, value: object): Promise<boolean> {
  const body = Buffer.from(JSON.stringify(value));
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
  return connection.write(Buffer.concat([Buffer.from(head), body]));
}
