import { Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SavedViewRow } from "../../../../src/contract/schemas/saved-views.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { FormError } from "../../ui/states.tsx";
import { useDeleteView, useSaveView } from "./view-queries.ts";

interface ViewListProps {
  views: readonly SavedViewRow[];
  onOpen: (view: SavedViewRow) => void;
}

/** What was kept. One's own is deleted at once and can be taken back; for what somebody else shares one is asked first. */
export function ViewList({ views, onOpen }: ViewListProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLUListElement>(null);
  const remove = useDeleteView();
  const [deleted, setDeleted] = useState<SavedViewRow | null>(null);
  const [asking, setAsking] = useState<SavedViewRow | null>(null);
  const removeOwn = (view: SavedViewRow) => remove.mutate(view.id, { onSuccess: () => setDeleted(view) });
  return (
    <>
      {asking === null ? <FormError error={remove.error} /> : null}
      <Deleted
        view={deleted}
        onRestored={() => {
          setDeleted(null);
          list.current?.focus();
        }}
      />
      {views.length === 0 ? <p className="text-sm text-muted">{t("views.none")}</p> : null}
      <ul ref={list} tabIndex={-1} className="max-h-80 divide-y divide-line overflow-y-auto">
        {views.map((view) => (
          <li key={view.id} className="flex items-center justify-between gap-3 py-1 pl-1">
            <div className="min-w-0">
              <button
                type="button"
                className="text-link min-w-0 rounded py-1.5 text-left [overflow-wrap:anywhere]"
                onClick={() => onOpen(view)}
              >
                {view.name}
              </button>
              {view.shared ? (
                <span className="block text-xs text-muted">
                  {view.own ? t("views.sharedByYou") : t("views.sharedBy", { name: view.madeBy })}
                </span>
              ) : null}
            </div>
            {view.removable ? (
              <Button
                look="quiet"
                size="icon"
                aria-label={t("views.delete", { name: view.name })}
                onClick={() => (view.own ? removeOwn(view) : setAsking(view))}
              >
                <Trash2 aria-hidden />
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      <ConfirmDialog
        isOpen={asking !== null}
        title={t("views.deleteTitle", { name: asking?.name ?? "" })}
        text={t("views.deleteText", { name: asking?.madeBy ?? "" })}
        confirmLabel={t("views.deleteConfirm")}
        isDangerous
        isBusy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(asking?.id ?? "", { onSuccess: () => setAsking(null) })}
        onCancel={() => setAsking(null)}
      />
    </>
  );
}

function Deleted({ view, onRestored }: { view: SavedViewRow | null; onRestored: () => void }) {
  const { t } = useTranslation();
  const save = useSaveView();
  const undo = useRef<HTMLButtonElement>(null);
  // The button that deleted it is gone: whoever works with the keyboard goes on at the one that takes it back.
  useEffect(() => {
    if (view !== null) undo.current?.focus();
  }, [view]);
  return (
    <div role="status" className="empty:hidden">
      {view === null ? null : (
        <p className="mb-2 flex items-center justify-between gap-3 rounded-lg bg-sunken py-1 pr-1 pl-3 text-sm">
          <span className="min-w-0 [overflow-wrap:anywhere]">{t("views.deleted", { name: view.name })}</span>
          <Button
            ref={undo}
            size="small"
            look="quiet"
            busy={save.isPending}
            onClick={() => {
              const { page, name, query, shared } = view;
              save.mutate({ page, name, query, shared }, { onSuccess: onRestored });
            }}
          >
            {t("common.undo")}
          </Button>
        </p>
      )}
    </div>
  );
}
