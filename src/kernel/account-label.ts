/** What an account is called where one name must do: a person by the address, a team, which has none, by its name. */
export function accountLabel({ kind, name, email }: { kind: string; name: string; email: string }): string {
  return kind === "team" ? name : email;
}
