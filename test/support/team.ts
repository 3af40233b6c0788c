/** A team with somebody in each role, made as people make one. */
import type { TestServer } from "./server.ts";
import { expectStatus, type Visitor } from "./visitor.ts";

export interface TestTeam {
  id: string;
  owner: Visitor;
  /** Who belongs to it, each at work in the team. */
  admin: Visitor;
  member: Visitor;
  viewer: Visitor;
}

/** Addresses are `<name>-owner@example.com` and so on. */
export async function teamOn(server: TestServer, name: string): Promise<TestTeam> {
  const owner = await server.visitor().join(`${name}-owner@example.com`);
  const { id } = expectStatus(await owner.dashboard("/accounts", { name: `Tim ${name}` }), 201).body;
  const joined = async (role: "admin" | "member" | "viewer") => {
    const email = `${name}-${role}@example.com`;
    const person = await server.visitor().join(email);
    expectStatus(await owner.dashboard("/team/invitations", { email, role }), 201);
    const token = await person.mailedToken(email, (subject) => subject.includes(name));
    expectStatus(await person.dashboard("/accounts/join", { token }), 200);
    return person;
  };
  return { id, owner, admin: await joined("admin"), member: await joined("member"), viewer: await joined("viewer") };
}

export async function idOf(person: Visitor): Promise<string> {
  return expectStatus(await person.dashboard("/account"), 200).body.id;
}
