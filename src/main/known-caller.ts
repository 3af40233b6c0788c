/** Whether somebody with a key or a session asks, for what is shown to anybody but not in full. */
import type { KeyAuthenticator } from "../control/http/guard.ts";
import type { SessionReader, Visitor } from "../control/http/handler.ts";
import { GapuraError } from "../kernel/errors.ts";

/** Rejects only when storage fails. A key that may not call makes nobody known. */
export function knownCaller(guard: { sessions: SessionReader; keys: KeyAuthenticator }) {
  return async (request: Request, visitor: Visitor): Promise<boolean> => {
    const authorization = request.headers.get("authorization");
    if (authorization !== null) {
      try {
        await guard.keys.authenticate(authorization, visitor);
        return true;
      } catch (error) {
        if (!(error instanceof GapuraError) || error.status >= 500) throw error;
      }
    }
    return request.headers.has("cookie") && (await guard.sessions.authenticate(request)) !== null;
  };
}
