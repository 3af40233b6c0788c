/**
 * An instance that has been used for a year, with something on every page of the dashboard: seeded requests, a team with
 * somebody in each role, keys, budgets, presets, open alerts, invitations and a connected provider.
 */

import type { Role } from "../../src/contract/roles.ts";
import type { AlertFacts } from "../../src/kernel/alerts/facts.ts";
import { openStorage } from "../../src/storage/open.ts";
import { createAlertStore } from "../../src/storage/stores/alerts.ts";
import { bearer } from "./keys.ts";
import { type SeededServer, startSeeded } from "./seeded.ts";
import { startUpstream } from "./upstream.ts";
import { expectStatus, type Visitor } from "./visitor.ts";

/** What pages are opened with, by the names that stand in their addresses (all-pages.ts). */
export interface Things {
  keyId: string;
  requestId: string;
  alertId: string;
  mailId: string;
  invitation: string;
}

export interface UsedInstance {
  server: SeededServer;
  /** Owns the instance, and works in an account of their own, which made nearly half of all requests. */
  owner: Visitor;
  /** Has done nothing yet. */
  newcomer: Visitor;
  /** A team's people by their role there. Its owner is the same person in another session. */
  team: Record<Role, Visitor>;
  things: Things;
  /** What the team's owner and its member made there. */
  teamThings: Record<"owner" | "member", Things>;
  stop(): Promise<void>;
}

/** What a stolen key looks like. */
export const UNUSUAL_USE: AlertFacts = {
  kind: "unusual_use",
  score: 10,
  isFrozen: false,
  evidence: [
    { what: "day-spend", points: 5, usualUsd: 0.42, nowUsd: 12.5 },
    { what: "new-network", points: 2, names: ["198.51.100.0/24"], share: 0.93, usual: ["203.0.113.0/24"] },
    { what: "new-program", points: 3, names: ["curl"], share: 0.93, usual: ["openai/python", "langchain"] },
  ],
};
/** What people call a key may be longer than a phone is wide. */
const LONG_NAME = `Mesin Pen${"cari".repeat(20)} Arsip`;
const MODELS = ["gpt-4.1", "gpt-4o", "gpt-4o-mini", "o4-mini", "text-embedding-3-small"];
const UPSTREAM_KEY = "sk-invented-0123456789wxyz";

export async function startUsedInstance(): Promise<UsedInstance> {
  const upstream = startUpstream(MODELS, UPSTREAM_KEY);
  const server = await startSeeded(
    { ALLOW_PRIVATE_UPSTREAM: upstream.host, DISPLAY_CURRENCY: "IDR", DISPLAY_RATE: "16500" },
    { days: 365 },
  );
  const owner = await server.person("siti@example.com");
  const fields = { baseUrl: upstream.url, apiKey: UPSTREAM_KEY };
  expectStatus(await owner.dashboard("/providers/keys", { type: "openai", fields }), 201);
  expectStatus(await owner.dashboard("/budgets/instance", { monthly: "500" }, "PATCH"), 200);
  expectStatus(await owner.dashboard("/invitations", { email: "tamu@example.com" }), 201);
  const team = await teamOfSeeded(server);
  const inTeam = await fillAccount(server, [team.owner, team.member], upstream.host);
  const [things] = await fillAccount(server, [owner], upstream.host);
  const invitation = await owner.mailedToken("rekan@example.com");
  const [mail] = await owner.mailsTo("rekan@example.com");
  const mailed = { invitation, mailId: mail?.id ?? "" };
  const thingsOf = (made: (typeof inTeam)[number] | undefined): Things => {
    if (made === undefined) throw new Error("nobody made anything");
    return { ...made, ...mailed };
  };
  return {
    ...{ server, owner, team, newcomer: await server.visitor().join("baru@example.com") },
    things: thingsOf(things),
    teamThings: { owner: thingsOf(inTeam[0]), member: thingsOf(inTeam[1]) },
    stop: async () => {
      await server.stop();
      await upstream.stop();
    },
  };
}

/** Everybody of the seed in one team. */
async function teamOfSeeded(server: SeededServer): Promise<Record<Role, Visitor>> {
  const owner = await server.person("siti@example.com");
  expectStatus(await owner.dashboard("/accounts", { name: "Tim Kopi" }), 201);
  const joined = async (role: Role, email: string) => {
    const person = await server.person(email);
    const { id } = expectStatus(await owner.dashboard("/team/invitations", { email, role }), 201).body;
    expectStatus(await person.dashboard("/accounts/join", { id }), 200);
    return person;
  };
  expectStatus(await owner.dashboard("/team/invitations", { email: "rekan@example.com", role: "member" }), 201);
  return {
    owner,
    admin: await joined("admin", "budi@example.com"),
    member: await joined("member", "dewi@example.com"),
    viewer: await joined("viewer", "agus@example.com"),
  };
}

/** Fills the account that somebody works in: a key of each maker, used once, and all that can be set. */
async function fillAccount(server: SeededServer, makers: readonly [Visitor, ...Visitor[]], hookHost: string) {
  const [manager] = makers;
  const accountId = expectStatus(await manager.dashboard("/accounts"), 200).body.active;
  const keys: { id: string; requestId: string }[] = [];
  for (const [index, maker] of makers.entries()) {
    const limits = { limitUsd: "20", limitReset: "monthly", rpm: 60 };
    const made = expectStatus(await maker.dashboard("/keys", { name: `${LONG_NAME} ${index}`, ...limits }), 201);
    const body = { model: "openai/gpt-4o", messages: [{ role: "user", content: "Halo" }] };
    const call = { body, headers: bearer(made.body.secret) };
    const answer = expectStatus(await server.visitor().call("/api/v1/chat/completions", call), 200);
    keys.push({ id: made.body.key.id, requestId: answer.body.id });
  }
  expectStatus(await manager.dashboard("/budgets", { daily: "5", monthly: "100.5" }, "PATCH"), 200);
  const preset = { slug: "penulis", name: "Penulis surel", config: { temperature: 0.2 } };
  expectStatus(await manager.dashboard("/presets", preset), 201);
  const webhook = { channel: "webhook", url: `http://${hookHost}/hook` };
  expectStatus(await manager.dashboard("/alert-settings/channels", webhook), 200);
  const storage = await openStorage({ dataDir: server.dataDir });
  try {
    const alerts = createAlertStore(storage.db);
    const raised = await Promise.all(
      keys.map(({ id }) =>
        alerts.raise({ userId: accountId, keyId: id, level: "alert", facts: UNUSUAL_USE }, Date.now()),
      ),
    );
    return keys.map(({ id, requestId }, index) => ({ keyId: id, requestId, alertId: raised[index]?.alert.id ?? "" }));
  } finally {
    await storage.close();
  }
}
