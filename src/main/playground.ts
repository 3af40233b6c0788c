/** The Playground's calls, which go the data plane's way with a key that the control plane has found. */
import { type PlaygroundDeps, playgroundHandlers } from "../control/playground/playground-handlers.ts";
import { CORS_HEADERS, type DataPlane } from "../gateway/data-plane.ts";
import type { Ground } from "./ground.ts";

export function handlersOfPlayground({ keys, clock }: Pick<Ground, "keys" | "clock">, plane: Pick<DataPlane, "chat">) {
  const chat: PlaygroundDeps["chat"] = async (keyHash, request, { requestId, ipAddress, connection }) => {
    const answer = await plane.chat(request, {
      keyHash,
      requestId,
      clientAddress: () => ipAddress,
      waitLong: (isWaiting) => connection?.waitLong(isWaiting),
      hangUp: () => connection?.hangUp(),
    });
    // A session is for this site's own pages.
    for (const name of Object.keys(CORS_HEADERS)) answer.headers.delete(name);
    return answer;
  };
  return playgroundHandlers({ keys, clock, chat });
}
