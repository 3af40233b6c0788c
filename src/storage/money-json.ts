/** JSON that carries money: amounts go as decimal digits, and are known by their names, as in the tables. */
const MONEY = /(?:_nano|Nano|^nano)$/;

export function packMoney(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? each.toString() : each));
}

export function unpackMoney(text: string): unknown {
  return JSON.parse(text, (name, value: unknown) =>
    typeof value === "string" && MONEY.test(name) ? BigInt(value) : value,
  );
}
