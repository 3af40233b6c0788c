/** An OpenID provider for tests: it signs what it is told to, right or wrong. */
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

export interface Claims {
  sub: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
}

/** How the next answer is wrong. */
export type Fault = "signature" | "nonce" | "audience" | "expired" | "issuer" | "no token" | "unsigned";

export interface OpenidProvider {
  issuer: string;
  /** Who signs in next, and what is wrong with it. */
  next: { claims: Claims; fault: Fault | null };
  /** Every request to the token endpoint. */
  tokenRequests: URLSearchParams[];
  /** What a browser does there: comes with the address, goes back with a query. */
  visit(authorizationUrl: string): string;
  stop(): void;
}

export const CLIENT_ID = "gapura";
export const CLIENT_SECRET = "a secret of the client";

export async function startOpenidProvider(options: { wrongIssuer?: boolean } = {}): Promise<OpenidProvider> {
  const right = await generateKeyPair("RS256", { extractable: true });
  const wrong = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(right.publicKey)), kid: "one", alg: "RS256", use: "sig" };
  /** Code → what was asked for. */
  const asked = new Map<string, { nonce: string; challenge: string }>();
  const tokenRequests: URLSearchParams[] = [];
  const next: OpenidProvider["next"] = { claims: { sub: "1" }, fault: null };

  async function idToken(nonce: string): Promise<string> {
    const { claims, fault } = next;
    const nowSeconds = Math.floor(Date.now() / 1000);
    const payload: JWTPayload = { ...claims, nonce: fault === "nonce" ? "another" : nonce };
    if (fault === "unsigned") {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
      const whole = { ...payload, iss: issuer, aud: CLIENT_ID, iat: nowSeconds, exp: nowSeconds + 60 };
      return `${part({ alg: "none" })}.${part(whole)}.`;
    }
    return new SignJWT(payload)
      .setProtectedHeader({ alg: "RS256", kid: "one" })
      .setIssuer(fault === "issuer" ? "https://evil.example.com" : issuer)
      .setAudience(fault === "audience" ? "somebody-else" : CLIENT_ID)
      .setIssuedAt(fault === "expired" ? nowSeconds - 7_200 : nowSeconds)
      .setExpirationTime(fault === "expired" ? nowSeconds - 3_600 : nowSeconds + 300)
      .sign(fault === "signature" ? wrong.privateKey : right.privateKey);
  }

  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: async (request): Promise<Response> => {
      const { pathname } = new URL(request.url);
      if (pathname === "/.well-known/openid-configuration") {
        return Response.json({
          issuer: options.wrongIssuer ? "https://evil.example.com" : issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/keys`,
          response_types_supported: ["code"],
          subject_types_supported: ["public"],
          id_token_signing_alg_values_supported: ["RS256"],
          code_challenge_methods_supported: ["S256"],
          token_endpoint_auth_methods_supported: ["client_secret_post"],
        });
      }
      // Whoever comes with a browser is signed in already, and goes straight back.
      if (pathname === "/authorize") {
        const back = new URL(request.url).searchParams.get("redirect_uri") ?? "";
        return Response.redirect(`${back}?${visit(request.url)}`, 302);
      }
      if (pathname === "/keys") return Response.json({ keys: [jwk] });
      if (pathname !== "/token") return new Response("not here", { status: 404 });
      const form = new URLSearchParams(await request.text());
      tokenRequests.push(form);
      const code = form.get("code") ?? "";
      const attempt = asked.get(code);
      asked.delete(code);
      const hash = new Bun.CryptoHasher("sha256").update(form.get("code_verifier") ?? "").digest("base64url");
      const isRight = attempt?.challenge === hash && form.get("client_secret") === CLIENT_SECRET;
      if (!isRight || attempt === undefined) return Response.json({ error: "invalid_grant" }, { status: 400 });
      const answer = { access_token: "an access token", token_type: "Bearer", expires_in: 300 };
      if (next.fault === "no token") return Response.json(answer);
      return Response.json({ ...answer, id_token: await idToken(attempt.nonce) });
    },
  });
  const issuer: string = `http://127.0.0.1:${server.port}`;

  function visit(authorizationUrl: string): string {
    const { searchParams } = new URL(authorizationUrl);
    const code = crypto.randomUUID();
    asked.set(code, {
      nonce: searchParams.get("nonce") ?? "",
      challenge: searchParams.get("code_challenge") ?? "",
    });
    return new URLSearchParams({ code, state: searchParams.get("state") ?? "" }).toString();
  }

  return { issuer, next, tokenRequests, visit, stop: () => void server.stop(true) };
}
