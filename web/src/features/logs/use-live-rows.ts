import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { ActivityRow } from "../../../../src/contract/schemas/activity.ts";
import { asChecked } from "../../../../src/kernel/json.ts";
import { listen } from "../../lib/events.ts";
import type { LogsSearch } from "./logs-search.ts";

/** So many are held; older ones are in the list once it is read again. */
const MOST_ROWS = 500;

export interface LiveRows {
  rows: readonly ActivityRow[];
  state: "off" | "connecting" | "open";
}

/** Requests that have ended since the page was opened, newest first, while `search.live` is on. */
export function useLiveRows(search: LogsSearch): LiveRows {
  const [live, setLive] = useState<LiveRows>({ rows: [], state: "off" });
  const queries = useQueryClient();
  const { key } = search;
  const isOn = search.live === true && search.scope !== "all";
  useEffect(() => {
    if (!isOn) {
      setLive({ rows: [], state: "off" });
      return undefined;
    }
    setLive({ rows: [], state: "connecting" });
    const close = listen(
      "followActivity",
      { keyId: key },
      {
        onOpen: () => setLive(({ rows }) => ({ rows, state: "open" })),
        onBreak: () => setLive(({ rows }) => ({ rows, state: "connecting" })),
        onEvent: (value) => {
          const row = asChecked<ActivityRow>(value);
          setLive(({ rows, state }) => ({ rows: [row, ...rows].slice(0, MOST_ROWS), state }));
        },
      },
    );
    return () => {
      close();
      // What came live is in the list when it is read again.
      void queries.invalidateQueries({ queryKey: ["logs"] });
    };
  }, [isOn, key, queries]);
  return { ...live, rows: live.rows.filter((row) => fits(row, search)) };
}

/** Whether a request that came live is one that was asked for. */
function fits(row: ActivityRow, { model, provider, app, outcome, status, cost, id }: LogsSearch): boolean {
  const hasFailed = row.errorCode !== null;
  return (
    (model === undefined || (row.model ?? "") === model) &&
    (provider === undefined || row.providerSlug === provider) &&
    (app === undefined || row.app === app) &&
    (outcome === undefined || hasFailed === (outcome === "error")) &&
    (status === undefined || row.status === Number(status)) &&
    (cost === undefined || Number(row.costUsd ?? 0) >= Number(cost)) &&
    (id === undefined || row.id.startsWith(id) || row.requestId.startsWith(id))
  );
}
