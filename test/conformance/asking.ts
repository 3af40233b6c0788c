/** One client's question to one provider, over the gateway. */
import { expect } from "bun:test";
import type { ClientSide, Heard, Wire } from "./clients.ts";
import type { Gateway } from "./gateway.ts";
import type { Story } from "./stories.ts";
import type { Course, UpstreamSide } from "./upstreams.ts";

export interface Meeting {
  client: ClientSide;
  side: UpstreamSide;
  streamed: boolean;
}

/** The answer over the wire. Every chunk of it holds whole characters and, in a stream, whole events. */
export async function ask(gateway: Gateway, { client, side, streamed }: Meeting, body: object): Promise<Wire> {
  const { model } = gateway.upstream(side);
  const answer = await gateway.call(client.path, { ...body, model, ...(streamed ? { stream: true } : {}) });
  let text = "";
  for await (const chunk of answer.body ?? []) {
    const piece = new TextDecoder("utf-8", { fatal: true }).decode(chunk);
    if (streamed && answer.status === 200) expect(piece).toEndWith("\n\n");
    text += piece;
  }
  return { status: answer.status, headers: answer.headers, text };
}

/** What the client understands of a story. Rejects with the error of its own package. */
export async function hear(
  gateway: Gateway,
  meeting: Meeting,
  { told, course }: { told: Story["told"]; course: Course },
): Promise<Heard> {
  gateway.upstream(meeting.side).playing.play(told, course, meeting.streamed);
  return meeting.client.hear(await ask(gateway, meeting, meeting.client.rich), meeting.streamed);
}

/** What this client must understand of a story by this provider. */
export function expected({ client, side }: Meeting, { told }: Story): Omit<Heard, "turn" | "costUsd" | "usage"> {
  const keepsRefusalsApart = !["/messages", "/completions"].includes(client.title);
  return {
    thoughts: told.thoughts,
    text: told.text + (keepsRefusalsApart ? "" : told.refusal),
    refusal: keepsRefusalsApart ? told.refusal : "",
    calls: [...told.calls],
    pictures: told.picture && !side.cannot.includes("picture") ? [told.picture.data] : [],
    ending: told.ending,
  };
}
