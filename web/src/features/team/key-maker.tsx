import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useActiveAccount } from "./accounts.ts";
import { teamQuery } from "./team-queries.ts";

/** Who made a key of a team. Says nothing in one's own account. */
export function KeyMaker({ createdBy }: { createdBy: string | null }) {
  const { t } = useTranslation();
  const isShared = useActiveAccount().kind === "team";
  const { data } = useQuery({ ...teamQuery, enabled: isShared });
  if (!isShared || !data) return null;
  const member = data.members.find(({ id }) => id === createdBy);
  const former = data.former.find(({ id }) => id === createdBy);
  const text = member
    ? t("team.madeBy", { name: member.name })
    : former
      ? t("team.madeByFormer", { name: former.name })
      : t("team.madeByNobody");
  return <span className="block text-xs text-muted [overflow-wrap:anywhere]">{text}</span>;
}
