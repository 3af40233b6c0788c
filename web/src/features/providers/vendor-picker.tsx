import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { VendorView } from "../../../../src/contract/schemas/provider-keys.ts";
import { SearchField } from "../../ui/search-field.tsx";

/** The server that is none of the others stays in sight whatever is searched for. */
const ANY_OTHER = "openai-compatible";

export function VendorPicker({
  vendors,
  onPick,
}: {
  vendors: readonly VendorView[];
  onPick: (vendor: VendorView) => void;
}) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const wanted = search.toLowerCase();
  const isWanted = ({ name, type }: VendorView) => name.toLowerCase().includes(wanted) || type.includes(wanted);
  const others = vendors
    .filter(({ type }) => type !== ANY_OTHER)
    .sort((one, other) => one.name.localeCompare(other.name));
  const found = others.filter(isWanted);
  const last = vendors.filter(({ type }) => type === ANY_OTHER);
  return (
    <>
      <SearchField label={t("providers.searchVendors")} onSearch={setSearch} />
      <p role="status" className="mt-2 text-sm text-muted">
        {found.length === 0 ? t("providers.noVendor") : t("providers.vendorCount", { count: found.length })}
      </p>
      <ul className="mt-2 grid max-h-[50vh] gap-1 overflow-y-auto p-0.5">
        {[...found, ...last].map((vendor) => (
          <li key={vendor.type}>
            <button
              type="button"
              onClick={() => onPick(vendor)}
              className="flex min-h-11 w-full items-center justify-between gap-3 rounded-lg border border-line px-3 text-left font-medium hover:border-edge hover:bg-sunken"
            >
              {vendor.name}
              <ChevronRight aria-hidden className="size-4 shrink-0 text-muted" />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
