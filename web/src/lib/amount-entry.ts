/** Amounts of dollars as people type them. The server decides; this only spares a round trip. */

/** An exact decimal text, or null for an empty field. A comma counts as the decimal point it is in Indonesian. */
export function readAmount(form: FormData, name: string): string | null {
  const entry = form.get(name);
  const amount = (typeof entry === "string" ? entry : "")
    .trim()
    .replace(/^\$\s*/, "")
    .replace(",", ".");
  return amount === "" ? null : amount;
}

export function isAmount(text: string): boolean {
  return /^\d{1,10}(\.\d{1,9})?$/.test(text);
}
