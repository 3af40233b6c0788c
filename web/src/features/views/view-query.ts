import { stringifySearch } from "../../lib/search-params.ts";

/** What a view keeps of what a page takes from its address: that, as it stands behind the `?`. */
export function queryOf(search: object): string {
  return stringifySearch({ ...search }).slice(1);
}
