/** Somebody with a cookie jar who uses the dashboard's API as its pages do. */
export const PASSWORD = "kucing oranye lompat tinggi";

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape, and fails where one is missing
  body: any;
}

export interface CallOptions {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export class Visitor {
  readonly #origin: string;
  readonly #headers: Record<string, string>;
  readonly #cookies = new Map<string, string>();

  constructor(origin: string, headers: Record<string, string>) {
    this.#origin = origin;
    this.#headers = headers;
  }

  /** The session's cookie, as it stands in a Cookie header; empty without a session. */
  get cookie(): string {
    const session = [...this.#cookies].find(([name]) => name.endsWith("gapura_session"));
    return session === undefined ? "" : session.join("=");
  }

  /** The Cookie header that a browser would send now. */
  get jar(): string {
    return [...this.#cookies].map((pair) => pair.join("=")).join("; ");
  }

  async call(path: string, options: CallOptions = {}): Promise<Answer> {
    const headers: Record<string, string> = { ...this.#headers, ...options.headers };
    if (this.jar !== "" && headers.cookie === undefined) headers.cookie = this.jar;
    if (options.body !== undefined) headers["content-type"] ??= "application/json";
    const method = options.method ?? (options.body === undefined ? "GET" : "POST");
    const body = options.body === undefined ? null : JSON.stringify(options.body);
    const response = await fetch(`${this.#origin}${path}`, { method, headers, body, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  /** An operation of the dashboard, by its path after /api/dashboard. */
  dashboard(path: string, body?: unknown, method?: string): Promise<Answer> {
    return this.call(`/api/dashboard${path}`, {
      ...(body === undefined ? {} : { body }),
      ...(method ? { method } : {}),
    });
  }

  async signUp(email: string, more: Record<string, string> = {}): Promise<Answer> {
    return this.dashboard("/account/sign-up", { name: "Siti Rahma", email, password: PASSWORD, ...more });
  }

  /** The token in the newest mail to an address, from the mailbox page; waits until it is there. */
  async mailedToken(email: string, isNew: (subject: string) => boolean = () => true): Promise<string> {
    const mail = await until(async () => (await this.mailsTo(email)).find(({ subject }) => isNew(subject)));
    const { body } = await this.dashboard(`/mailbox/${mail.id}`);
    const token = /[?&](?:token|invitation)=([\w-]+)/.exec(body.text)?.[1];
    if (token === undefined) throw new Error(`no link in: ${body.text}`);
    return token;
  }

  /** Summaries of the mails to an address, newest first. */
  async mailsTo(email: string): Promise<{ id: string; subject: string; to: string }[]> {
    const { body } = await this.dashboard("/mailbox");
    return body.mails.filter((mail: { to: string }) => mail.to === email);
  }

  login(email: string, password = PASSWORD): Promise<Answer> {
    return this.dashboard("/account/login", { email, password });
  }

  /** From a stranger to a signed-in person with a verified address. */
  async join(email: string): Promise<this> {
    expectStatus(await this.signUp(email), 202);
    expectStatus(await this.dashboard("/account/verification", { token: await this.mailedToken(email) }), 200);
    expectStatus(await this.login(email), 200);
    return this;
  }

  /** A new API key: its id and the whole key. */
  async createKey(name = "Project Video Generator"): Promise<{ id: string; secret: string }> {
    const { body } = expectStatus(await this.dashboard("/keys", { name }), 201);
    return { id: body.key.id, secret: body.secret };
  }

  /** Takes away what was connected in the dashboard. For the owner. */
  async removeProviders(): Promise<void> {
    const { body } = await this.dashboard("/providers/keys");
    for (const { id } of body.keys) await this.dashboard(`/providers/keys/${id}`, undefined, "DELETE");
  }

  #keep(line: string): void {
    const [pair = "", ...attributes] = line.split(";");
    const name = pair.slice(0, pair.indexOf("=")).trim();
    const isGone = attributes.some((attribute) => /^\s*max-age=0\s*$/i.test(attribute));
    if (isGone) this.#cookies.delete(name);
    else this.#cookies.set(name, pair.slice(pair.indexOf("=") + 1));
  }
}

export function expectStatus(answer: Answer, status: number): Answer {
  if (answer.status !== status)
    throw new Error(`expected ${status}, got ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer;
}

const TRY_EVERY_MS = 10;
const GIVE_UP_AFTER_MS = 45_000;

/** Tries until there is something. For what happens after an answer, such as a mail. */
export async function until<Found>(
  look: () => Promise<Found | undefined | null | false>,
  giveUpAfterMs = GIVE_UP_AFTER_MS,
): Promise<Found> {
  const endsAtMs = performance.now() + giveUpAfterMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > endsAtMs) throw new Error("what was waited for did not come");
    await new Promise((resolve) => setTimeout(resolve, TRY_EVERY_MS));
  }
}
