/** A person in a table: the name, and under it the address. */
export function PersonCell({ name, email }: { name: string; email: string }) {
  return (
    <div className="min-w-0">
      <span className="block font-semibold [overflow-wrap:anywhere]">{name}</span>
      <span className="block text-xs font-normal text-muted [overflow-wrap:anywhere]">{email}</span>
    </div>
  );
}
