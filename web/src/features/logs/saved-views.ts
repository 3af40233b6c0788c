/** Questions that the reader wants to ask again, kept in this browser under a name. */
import { isJsonObject, parseJson } from "../../../../src/kernel/json.ts";
import { readStored, writeStored } from "../../lib/storage.ts";
import { type LogsSearch, logsSearch } from "./logs-search.ts";

const STORED_AS = "gapura.log-views";
const MOST_VIEWS = 50;

export interface SavedView {
  name: string;
  search: LogsSearch;
}

export function savedViews(): SavedView[] {
  const parsed = parseJson(readStored(STORED_AS) ?? "[]");
  if (!parsed.ok || !Array.isArray(parsed.value)) return [];
  return parsed.value.filter(isJsonObject).flatMap(({ name, search }) => {
    if (typeof name !== "string" || !isJsonObject(search)) return [];
    return [{ name, search: logsSearch(search) }];
  });
}

/** A view of the same name is replaced. */
export function saveView(name: string, { request: _, live: __, ...search }: LogsSearch): SavedView[] {
  return keep([...savedViews().filter((view) => view.name !== name), { name, search }].slice(-MOST_VIEWS));
}

export function forgetView(name: string): SavedView[] {
  return keep(savedViews().filter((view) => view.name !== name));
}

function keep(views: SavedView[]): SavedView[] {
  writeStored(STORED_AS, JSON.stringify(views));
  return views;
}
