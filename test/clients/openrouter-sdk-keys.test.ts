/** The administration of keys through OpenRouter's own package, which checks every answer against its schemas. */
import { expect, test } from "bun:test";
import { OpenRouter } from "@openrouter/sdk";
import { onEachEngine } from "../support/each-server.ts";
import { managementKey } from "../support/keys.ts";

const halo = { model: "gpt-3.5", messages: [{ role: "user" as const, content: "Halo" }], stream: false as const };
const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "no error",
    (error: unknown) => error,
  );

onEachEngine(({ start }) => {
  async function begin() {
    const server = await start();
    const person = await server.visitor().join("siti@example.com");
    const clientOf = (apiKey: string) => new OpenRouter({ apiKey, serverURL: `${server.url}/api/v1` });
    const { secret } = await managementKey(person);
    return { server, person, clientOf, admin: clientOf(secret) };
  }

  test("a key is created, listed, read, changed, used and deleted", async () => {
    const { clientOf, admin, person } = await begin();
    const expiresAt = new Date(Date.now() + 86_400_000);
    const { data, key } = await admin.apiKeys.create({
      requestBody: {
        name: "Nightly job",
        limit: 12.000000001,
        limitReset: "weekly",
        includeByokInLimit: true,
        expiresAt,
        external: { user: "budi" },
      },
    });
    expect(data).toMatchObject({
      name: "Nightly job",
      limit: 12.000000001,
      limitRemaining: 12.000000001,
      limitReset: "weekly",
      includeByokInLimit: true,
      externalUser: "budi",
      disabled: false,
      usage: 0,
      updatedAt: null,
      expiresAt,
    });
    expect(data.label).toBe(`${key.slice(0, 12)}...${key.slice(-3)}`);
    expect((await admin.apiKeys.get({ hash: data.hash })).data).toEqual(data);
    const listed = await admin.apiKeys.list();
    expect(listed.data).toEqual([data]);
    expect(JSON.stringify(listed)).not.toContain(key);

    const owner = (await person.dashboard("/account")).body.id;
    const current = await clientOf(key).apiKeys.getCurrentKeyMetadata();
    expect(current.data).toMatchObject({
      label: data.label,
      limit: 12.000000001,
      limitRemaining: 12.000000001,
      limitReset: "weekly",
      isManagementKey: false,
      creatorUserId: owner,
      expiresAt,
    });
    expect(await clientOf(key).chat.send({ chatRequest: halo })).toHaveProperty("choices");

    const changes = { name: "Renamed", limit: null, limitReset: null, includeByokInLimit: false };
    const changed = await admin.apiKeys.update({ hash: data.hash, requestBody: changes });
    expect(changed.data).toMatchObject({ ...changes, limitRemaining: null, expiresAt });
    expect(changed.data.updatedAt).not.toBeNull();
    await admin.apiKeys.update({ hash: data.hash, requestBody: { disabled: true } });
    expect(await failure(clientOf(key).chat.send({ chatRequest: halo }))).toMatchObject({ statusCode: 401 });
    expect((await admin.apiKeys.list()).data).toEqual([]);
    expect((await admin.apiKeys.list({ includeDisabled: true })).data).toHaveLength(1);

    expect(await admin.apiKeys.delete({ hash: data.hash })).toEqual({ deleted: true });
    expect(await failure(admin.apiKeys.get({ hash: data.hash }))).toMatchObject({ statusCode: 404 });
    expect(await failure(clientOf(key).apiKeys.getCurrentKeyMetadata())).toMatchObject({ statusCode: 401 });
  });

  test("the management key sees itself, and the credits of its account leave room", async () => {
    const { admin } = await begin();
    expect((await admin.apiKeys.getCurrentKeyMetadata()).data).toMatchObject({
      isManagementKey: true,
      isProvisioningKey: true,
      limit: null,
      limitRemaining: null,
    });
    const { data } = await admin.credits.getCredits();
    expect(data.totalUsage).toBe(0);
    expect(data.totalCredits).toBeGreaterThan(data.totalUsage);
  });

  test("neither kind of key does the work of the other", async () => {
    const { clientOf, admin, person } = await begin();
    const inference = clientOf((await person.createKey()).secret);
    const hash = "0".repeat(64);
    for (const call of [
      () => inference.apiKeys.list(),
      () => inference.apiKeys.create({ requestBody: { name: "More" } }),
      () => inference.apiKeys.get({ hash }),
      () => inference.apiKeys.update({ hash, requestBody: { name: "Mine" } }),
      () => inference.apiKeys.delete({ hash }),
      () => inference.credits.getCredits(),
      () => inference.oAuth.createAuthCode({ requestBody: { callbackUrl: "https://app.example.com" } }),
    ]) {
      const message = expect.stringContaining("Only management keys can perform this operation");
      expect(await failure(call())).toMatchObject({ statusCode: 403, message });
    }
    expect(await failure(admin.chat.send({ chatRequest: halo }))).toMatchObject({ statusCode: 403 });
  });

  test("an app's code becomes a key once, with the limit that was agreed to", async () => {
    const { clientOf, admin, server, person } = await begin();
    const anybody = new OpenRouter({ serverURL: `${server.url}/api/v1` });
    const { codeVerifier, codeChallenge } = await anybody.oAuth.createSHA256CodeChallenge();
    const { data } = await admin.oAuth.createAuthCode({
      requestBody: {
        callbackUrl: "https://app.example.com/callback?state=1",
        codeChallenge,
        codeChallengeMethod: "S256",
        keyLabel: "My app",
        limit: 2.5,
        usageLimitType: "monthly",
      },
    });
    expect(data.appId).toBeGreaterThan(0);
    const exchange = () =>
      anybody.oAuth.exchangeAuthCodeForAPIKey({
        requestBody: { code: data.id, codeVerifier, codeChallengeMethod: "S256" },
      });
    const made = await exchange();
    expect(made.userId).toBe((await person.dashboard("/account")).body.id);
    const { data: current } = await clientOf(made.key).apiKeys.getCurrentKeyMetadata();
    expect(current).toMatchObject({ limit: 2.5, limitReset: "monthly", isManagementKey: false });
    expect(await clientOf(made.key).chat.send({ chatRequest: halo })).toHaveProperty("choices");
    expect(await failure(exchange())).toMatchObject({ statusCode: 403 });
    expect((await admin.apiKeys.list()).data).toEqual([]);
  });

  test("the package's own address leads to the consent page", async () => {
    const { admin, server } = await begin();
    const callbackUrl = "http://localhost:51423/callback";
    const address = await admin.oAuth.createAuthorizationUrl({ callbackUrl, limit: 3 });
    expect(address).toStartWith(`${server.url}/auth?`);
    const page = await server.visitor().call(address.slice(server.url.length));
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  });
});
