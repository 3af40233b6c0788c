import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { SelectField } from "../../ui/select-field.tsx";
import { useActiveAccount, useReach } from "./accounts.ts";
import { teamQuery } from "./team-queries.ts";

interface MemberFilterProps {
  value: string | undefined;
  onChoose: (member: string | undefined) => void;
}

/** Narrows down to what one person made. Not there where there is only one, or one sees only one's own. */
export function MemberFilter({ value, onChoose }: MemberFilterProps) {
  const { t } = useTranslation();
  const isShared = useActiveAccount().kind === "team";
  const isWanted = useReach("listKeys") === "all" && isShared;
  const { data } = useQuery({ ...teamQuery, enabled: isWanted });
  if (!isWanted || !data) return null;
  const people = [...data.members, ...data.former].map(({ id, name }) => ({ value: id, label: name }));
  return (
    <SelectField
      label={t("usage.by_member")}
      hideLabel
      value={value ?? ""}
      options={[{ value: "", label: t("team.everybody") }, ...people]}
      onChange={(event) => onChoose(event.target.value || undefined)}
    />
  );
}
