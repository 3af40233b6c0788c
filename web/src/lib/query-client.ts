/** How the dashboard keeps what it has read: fresh for half a minute, asked for again when the window comes back. */
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError, hasCode } from "./api-error.ts";

const FRESH_MS = 30_000;
const MAX_RETRIES = 2;

/** `onSessionEnded` is told whenever the server says that nobody is signed in. */
export function createQueryClient(onSessionEnded: () => void): QueryClient {
  const onError = (error: unknown): void => {
    if (hasCode(error, "not_signed_in")) onSessionEnded();
    // Another account than the one that is shown: everything on the page is of the wrong one.
    if (hasCode(error, "account_changed")) window.location.reload();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { staleTime: FRESH_MS, retry: (failures, error) => failures < MAX_RETRIES && mayPass(error) },
    },
  });
}

/** Whether asking again may help: not after a refusal, which stays one. */
function mayPass(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500) && error.code !== "setup_required";
}
