import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Blocks, KeyRound } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api.ts";
import { modelsQuery } from "../models/models-query.ts";
import { modelPath } from "../models/models-search.ts";
import { narrowed, type PaletteEntry, type PaletteGroup } from "./entries.ts";

const PAUSE_MS = 200;
const KEYS_READ = 100;
const MOST_SHOWN = 6;

interface Found {
  groups: PaletteGroup[];
  isLoading: boolean;
  hasFailed: boolean;
}

/** API keys by name or by how they begin, and models by name: nothing before something is typed. */
export function useFound(typed: string): Found {
  const { t } = useTranslation();
  const keys = useKeys(typed);
  const models = useModels();
  const isSearching = typed.trim() !== "";
  const best = (label: string, entries: readonly PaletteEntry[]): PaletteGroup => ({
    label,
    entries: (narrowed([{ label, entries }], typed)[0]?.entries ?? []).slice(0, MOST_SHOWN),
  });
  return {
    groups: isSearching ? [best(t("shell.apiKeys"), keys.entries), best(t("shell.models"), models.entries)] : [],
    isLoading: isSearching && (keys.isLoading || models.isLoading),
    hasFailed: isSearching && (keys.hasFailed || models.hasFailed),
  };
}

function keysQuery(search: string) {
  return queryOptions({
    queryKey: ["keys", "palette", search],
    queryFn: ({ signal }) => call("listKeys", { query: { q: search, limit: KEYS_READ }, signal }),
  });
}

/** The newest keys are read once and searched here; only where there are more is the server asked, by the longest word. */
function useKeys(typed: string) {
  const navigate = useNavigate();
  const newest = useQuery(keysQuery(""));
  const word = typed.split(/\s+/).reduce((longest, other) => (other.length > longest.length ? other : longest), "");
  const asked = useSettled(word.slice(0, 200));
  const hasMore = typeof newest.data?.nextCursor === "string" && word !== "";
  const older = useQuery({ ...keysQuery(asked), enabled: hasMore && asked !== "", placeholderData: keepPreviousData });
  const rows = new Map([...(newest.data?.keys ?? []), ...(older.data?.keys ?? [])].map((key) => [key.id, key]));
  return {
    entries: [...rows.values()].map(({ id, name, label }) => ({
      id: `key:${id}`,
      label: name,
      hint: label,
      icon: KeyRound,
      run: () => void navigate({ to: "/keys/$id", params: { id } }),
    })),
    isLoading: newest.isLoading || older.isFetching || (hasMore && asked !== word.slice(0, 200)),
    hasFailed: newest.isError || older.isError,
  };
}

function useModels() {
  const navigate = useNavigate();
  const { data, isLoading, isError } = useQuery(modelsQuery);
  return {
    entries: (data?.models ?? []).map(({ id, name }) => ({
      id: `model:${id}`,
      label: name,
      hint: id,
      icon: Blocks,
      run: () => void navigate({ to: "/models/$author/$slug", params: modelPath(id) }),
    })),
    isLoading,
    hasFailed: isError,
  };
}

/** What it was when it last stood still. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
