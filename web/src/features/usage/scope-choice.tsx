import { useTranslation } from "react-i18next";
import { Segments } from "../../ui/segments.tsx";
import { useAccount } from "../account/session.ts";
import type { FilterSearch } from "./usage-search.ts";

interface ScopeChoiceProps {
  search: FilterSearch;
  onChoose: (change: FilterSearch & { by?: undefined; live?: undefined }) => void;
}

/** For whoever owns the instance: the use of the account that is worked in, or of all. */
export function ScopeChoice({ search, onChoose }: ScopeChoiceProps) {
  const { t } = useTranslation();
  if (useAccount().role !== "owner") return null;
  return (
    <Segments
      label={t("usage.scope")}
      value={search.scope ?? "own"}
      options={[
        { value: "own", label: t("usage.scope_own") },
        { value: "all", label: t("usage.scope_all") },
      ]}
      onChoose={(chosen) =>
        onChoose({ scope: chosen === "all" ? "all" : undefined, ...WITHIN_ONE_ACCOUNT, by: undefined, live: undefined })
      }
    />
  );
}

/** What is found in the one and not in the other. */
const WITHIN_ONE_ACCOUNT = { account: undefined, key: undefined, app: undefined, member: undefined };
