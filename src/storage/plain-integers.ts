import type {
  KyselyPlugin,
  PluginTransformQueryArgs,
  PluginTransformResultArgs,
  QueryResult,
  RootOperationNode,
  UnknownRow,
} from "kysely";

/**
 * Both drivers hand out 64-bit integers as bigint, so that nothing is rounded on the way. This plugin keeps bigint for
 * columns whose name ends in `_nano` (money) and makes plain numbers of all others, which are times and counts far
 * below 2^53. One rule by name serves both engines and every aggregate alias.
 */
export class PlainIntegers implements KyselyPlugin {
  transformQuery(args: PluginTransformQueryArgs): RootOperationNode {
    return args.node;
  }

  async transformResult(args: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    for (const row of args.result.rows) plain(row);
    return args.result;
  }
}

/** The same for a row that did not come through Kysely; changes and returns it. */
export function plain<Row extends Record<string, unknown>>(row: Row): Row {
  const values: Record<string, unknown> = row;
  for (const name in values) {
    const value = values[name];
    if (typeof value === "bigint" && !name.endsWith("_nano")) values[name] = Number(value);
  }
  return row;
}
