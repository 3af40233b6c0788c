import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Check, ChevronDown, KeyRound } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { ErrorState, LoadingRows } from "../../ui/states.tsx";

interface KeyPickerProps {
  keyId: string | undefined;
  /** Called without an id for all keys. */
  onChoose: (keyId?: string) => void;
}

/** Picks one of the own keys, however many there are: the server searches, not this page. */
export function KeyPicker({ keyId, onChoose }: KeyPickerProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const name = useKeyName(keyId);
  const choose = (id?: string) => {
    setOpen(false);
    onChoose(id);
  };
  return (
    <>
      <Button onClick={() => setOpen(true)} className="max-w-full min-w-0 shrink">
        <KeyRound aria-hidden className="text-muted" />
        <span className="sr-only">{`${t("activity.filterKey")}: `}</span>
        <span className="max-w-56 truncate">{name ?? t("activity.allKeys")}</span>
        <ChevronDown aria-hidden className="text-muted" />
      </Button>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title={t("activity.openKeys")}>
        <KeyChoices keyId={keyId} onChoose={choose} />
      </Dialog>
    </>
  );
}

const CHOICE = "flex min-h-11 w-full items-center gap-3 rounded-md px-3 py-1.5 text-left text-sm hover:bg-sunken";

function KeyChoices({ keyId, onChoose }: KeyPickerProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["keys", "choices", search],
    queryFn: ({ signal }) => call("listKeys", { query: { q: search, limit: 20 }, signal }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <SearchField label={t("keys.search")} onSearch={setSearch} className="mb-3" />
      {isPending ? <LoadingRows rows={4} /> : null}
      {!isPending && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      <ul className="max-h-[50dvh] overflow-y-auto">
        {search === "" ? (
          <li>
            <button type="button" className={CHOICE} onClick={() => onChoose()}>
              <span className="flex-1 font-semibold">{t("activity.allKeys")}</span>
              {keyId === undefined ? <Check aria-hidden className="size-4 text-brand" /> : null}
            </button>
          </li>
        ) : null}
        {data?.keys.map((key) => (
          <li key={key.id}>
            <button type="button" className={CHOICE} onClick={() => onChoose(key.id)}>
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{key.name}</span>
                <span className="block truncate font-mono text-xs text-muted">{key.label}</span>
              </span>
              {key.id === keyId ? <Check aria-hidden className="size-4 shrink-0 text-brand" /> : null}
            </button>
          </li>
        ))}
      </ul>
      {data?.keys.length === 0 && search !== "" ? (
        <p role="status" className="px-3 py-4 text-sm text-muted">
          {t("activity.noKeyFound")}
        </p>
      ) : null}
    </>
  );
}

/** The name of the chosen key. A deleted key has none any more, and is called by its id. */
function useKeyName(keyId: string | undefined): string | undefined {
  const { data } = useQuery({
    queryKey: ["keys", "one", keyId],
    queryFn: ({ signal }) => call("getKey", { params: { id: keyId ?? "" }, signal }),
    enabled: keyId !== undefined,
  });
  return keyId === undefined ? undefined : (data?.name ?? keyId);
}
