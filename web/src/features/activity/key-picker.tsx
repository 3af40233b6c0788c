import { Combobox } from "@base-ui/react/combobox";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Check, ChevronDown, X } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api.ts";
import { classNames } from "../../lib/class-names.ts";
import { inputStyle } from "../../ui/text-field.tsx";

interface Choice {
  id: string;
  name: string;
  label: string;
}

/** Picks one of the own keys, however many there are: the server searches, not this page. */
export function KeyPicker({ keyId, onChoose }: { keyId: string | undefined; onChoose: (keyId?: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const chosen = useChosenKey(keyId);
  const search = useDeferredValue(typed === chosen?.name ? "" : typed);
  const { data } = useQuery({
    queryKey: ["keys", "choices", search],
    queryFn: ({ signal }) => call("listKeys", { query: { q: search, limit: 20 }, signal }),
    placeholderData: keepPreviousData,
  });
  const choices: Choice[] = data?.keys ?? [];
  return (
    <Combobox.Root<Choice>
      items={choices}
      filter={null}
      value={chosen}
      onValueChange={(choice) => onChoose(choice?.id)}
      onInputValueChange={setTyped}
      itemToStringLabel={(choice) => choice.name}
      isItemEqualToValue={(a, b) => a.id === b.id}
    >
      <div className="relative w-full sm:w-72">
        <Combobox.Input
          aria-label={t("activity.filterKey")}
          placeholder={t("activity.allKeys")}
          className={classNames(inputStyle, "truncate pr-20 text-sm placeholder:text-ink")}
        />
        <div className="absolute inset-y-0 right-1 flex items-center text-muted">
          <Combobox.Clear
            aria-label={t("activity.clearKey")}
            className="flex size-9 items-center justify-center rounded-md hover:text-ink"
          >
            <X aria-hidden className="size-4" />
          </Combobox.Clear>
          <Combobox.Trigger
            aria-label={t("activity.openKeys")}
            className="flex size-9 items-center justify-center rounded-md hover:text-ink"
          >
            <ChevronDown aria-hidden className="size-4" />
          </Combobox.Trigger>
        </div>
      </div>
      <Choices />
    </Combobox.Root>
  );
}

function Choices() {
  const { t } = useTranslation();
  return (
    <Combobox.Portal>
      <Combobox.Positioner sideOffset={6} collisionPadding={8} className="z-50 outline-none">
        <Combobox.Popup className="fade max-h-80 w-(--anchor-width) overflow-y-auto rounded-xl border border-line bg-surface p-1.5 shadow-float">
          <Combobox.Empty className="p-3 text-sm text-muted empty:hidden">{t("activity.noKeyFound")}</Combobox.Empty>
          <Combobox.List>
            {(choice: Choice) => (
              <Combobox.Item
                key={choice.id}
                value={choice}
                className="flex min-h-11 cursor-pointer items-center gap-2.5 rounded-md px-2.5 py-1.5 text-sm outline-none select-none data-highlighted:bg-sunken"
              >
                <span className="min-w-0 flex-1">
                  <span className="block truncate font-medium">{choice.name}</span>
                  <span className="block truncate font-mono text-xs text-muted">{choice.label}</span>
                </span>
                <Combobox.ItemIndicator>
                  <Check aria-hidden className="size-4 text-brand" />
                </Combobox.ItemIndicator>
              </Combobox.Item>
            )}
          </Combobox.List>
        </Combobox.Popup>
      </Combobox.Positioner>
    </Combobox.Portal>
  );
}

/** The chosen key with its name. A deleted key has none any more, and is shown by its id. */
function useChosenKey(keyId: string | undefined): Choice | null {
  const { data, isError } = useQuery({
    queryKey: ["keys", "one", keyId],
    queryFn: ({ signal }) => call("getKey", { params: { id: keyId ?? "" }, signal }),
    enabled: keyId !== undefined,
  });
  if (keyId === undefined) return null;
  if (data) return data;
  return isError ? { id: keyId, name: keyId, label: "" } : { id: keyId, name: "…", label: "" };
}
