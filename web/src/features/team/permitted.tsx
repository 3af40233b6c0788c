import type { ReactNode } from "react";
import type { OperationId } from "../../../../src/contract/operations.ts";
import { useReach } from "./accounts.ts";

interface PermittedProps {
  to: OperationId;
  children: ReactNode;
}

/**
 * Controls for those alone whose role in the account allows what they do; the server refuses the others in any case. What
 * is offered carries its operation, so that a test holds it against the table of roles.
 */
export function Permitted({ to, children }: PermittedProps) {
  if (useReach(to) === "none") return null;
  return (
    <div className="contents" data-operation={to}>
      {children}
    </div>
  );
}
