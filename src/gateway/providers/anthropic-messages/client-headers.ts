const VERSION = /^\d{4}-\d{2}-\d{2}$/;
const BETA = /^[\w.-]{1,100}$/;

/** What a Messages client asks of the API in headers: its version, and features that are not in it yet. */
export function messagesHeaders(client: Headers): Record<string, string> {
  const version = client.get("anthropic-version") ?? "";
  const named = [client.get("anthropic-beta"), client.get("x-anthropic-beta")].join(",").split(",");
  const betas = [...new Set(named.map((name) => name.trim()))].filter((name) => BETA.test(name));
  return {
    ...(VERSION.test(version) ? { "anthropic-version": version } : {}),
    ...(betas.length === 0 ? {} : { "anthropic-beta": betas.join(",") }),
  };
}
