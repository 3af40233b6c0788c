import { useTranslation } from "react-i18next";

/** An account in a table: the name, and under it the address of a person; a team has none. */
export function PersonCell({ name, email, kind }: { name: string; email: string; kind: "person" | "team" }) {
  const { t } = useTranslation();
  return (
    <div className="min-w-0">
      <span className="block font-semibold [overflow-wrap:anywhere]">{name}</span>
      <span className="block text-xs font-normal text-muted [overflow-wrap:anywhere]">
        {kind === "team" ? t("administration.team") : email}
      </span>
    </div>
  );
}
