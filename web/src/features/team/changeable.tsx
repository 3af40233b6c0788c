import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { OperationId } from "../../../../src/contract/operations.ts";
import { useReach } from "./accounts.ts";
import { Permitted } from "./permitted.tsx";

interface ChangeableProps {
  by: OperationId;
  children: ReactNode;
}

/** Settings that everybody may see: those whose role does not allow to change them read them, and are told who may. */
export function Changeable({ by, children }: ChangeableProps) {
  const { t } = useTranslation();
  if (useReach(by) !== "none") return <Permitted to={by}>{children}</Permitted>;
  return (
    <>
      <p className="mb-3 text-sm text-muted">{t("team.othersChangeThis")}</p>
      <fieldset disabled className="min-w-0">
        {children}
      </fieldset>
    </>
  );
}
