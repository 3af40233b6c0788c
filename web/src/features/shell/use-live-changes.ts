import type { Query, QueryClient, QueryKey } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { CHANGES, type Change } from "../../../../src/kernel/changes.ts";
import { listen } from "../../lib/events.ts";
import { setLive } from "../../lib/live.ts";

/** What shows each of them. Logs have a stream of their own; what is being typed into is read again by nobody. */
const SHOWN_IN: Record<Change, readonly QueryKey[]> = {
  usage: [["overview"], ["usage"], ["money", "own"], ["money", "notices"], ["keys", "list"], ["keys", "trends"]],
  alerts: [
    ["alerts", "list"],
    ["alerts", "open"],
    ["alerts", "one"],
  ],
  keys: [["keys", "list"], ["keys", "risks"], ["keys", "reminders"], ["overview"]],
};
const TRY_AGAIN_MS = 60_000;

/**
 * Reads again what is shown when the server says that it has changed, as long as somebody looks: a window that is not
 * seen listens to nothing, so that many of them leave the browser its connections. While nothing is heard, every question
 * is asked again from time to time, as each of them says.
 */
export function useLiveChanges(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const changes = followChanges(queries);
    const follow = () => (document.visibilityState === "visible" ? changes.start() : changes.stop());
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      changes.stop();
    };
  }, [queries]);
}

function followChanges(queries: QueryClient) {
  let close: (() => void) | null = null;
  let again: ReturnType<typeof setTimeout> | undefined;
  let hasHeard = false;
  const start = () => {
    if (close !== null) return;
    let isHearing = false;
    const hear = (is: boolean) => {
      if (isHearing === is) return;
      isHearing = is;
      setLive(is);
      // What has happened in between was not heard; and what is asked now is asked again at the pace of now.
      if (hasHeard) readAgain(queries, CHANGES);
      hasHeard ||= is;
    };
    close = listen(
      "followChanges",
      {},
      {
        onOpen: () => undefined,
        onBreak: (isRefused) => {
          hear(false);
          if (!isRefused) return;
          stop();
          again = setTimeout(start, TRY_AGAIN_MS);
        },
        onEvent: (value) => {
          hear(true);
          const changed = Array.isArray(value) ? value : [];
          readAgain(
            queries,
            CHANGES.filter((name) => changed.includes(name)),
          );
        },
      },
    );
  };
  const stop = () => {
    clearTimeout(again);
    close?.();
    close = null;
    setLive(false);
  };
  return { start, stop };
}

function readAgain(queries: QueryClient, changed: readonly Change[]): void {
  const keys = new Set(changed.flatMap((name) => SHOWN_IN[name]));
  for (const queryKey of keys) {
    // What is on its way already is not asked for twice.
    void queries.invalidateQueries({ queryKey, predicate: isShort }, { cancelRefetch: false });
  }
}

/** Of a list that was scrolled far down every page would be asked for again. */
function isShort({ state: { data } }: Query): boolean {
  const pages: unknown = typeof data === "object" && data !== null && "pages" in data ? data.pages : [];
  return !Array.isArray(pages) || pages.length <= 1;
}
