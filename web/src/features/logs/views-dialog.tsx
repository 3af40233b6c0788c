import { Bookmark, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/text-field.tsx";
import type { LogsSearch } from "./logs-search.ts";
import { forgetView, savedViews, saveView } from "./saved-views.ts";

/** Keeps what is shown under a name, and opens what was kept. */
export function ViewsDialog({ search, onOpen }: { search: LogsSearch; onOpen: (search: LogsSearch) => void }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [views, setViews] = useState(savedViews);
  const [name, setName] = useState("");
  const [error, setError] = useState<string | undefined>(undefined);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return setError(t("logs.viewNameMissing"));
    setViews(saveView(name.trim(), search));
    setName("");
    setError(undefined);
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Bookmark aria-hidden />
        {t("logs.views")}
      </Button>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title={t("logs.views")} description={t("logs.viewsText")}>
        {views.length === 0 ? <p className="text-sm text-muted">{t("logs.noViews")}</p> : null}
        <ul className="divide-y divide-line">
          {views.map((view) => (
            <li key={view.name} className="flex items-center justify-between gap-3 py-1">
              <button
                type="button"
                className="text-link min-w-0 rounded py-1.5 text-left [overflow-wrap:anywhere]"
                onClick={() => {
                  setOpen(false);
                  onOpen(view.search);
                }}
              >
                {view.name}
              </button>
              <Button
                look="quiet"
                size="icon"
                aria-label={t("logs.forgetView", { name: view.name })}
                onClick={() => setViews(forgetView(view.name))}
              >
                <Trash2 aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
        <form onSubmit={save} noValidate className="mt-4 flex items-end gap-3 border-t border-line pt-4">
          <TextField
            label={t("logs.viewName")}
            value={name}
            maxLength={60}
            error={error}
            onChange={({ target }) => setName(target.value)}
            className="min-w-0 flex-1"
          />
          <Button type="submit" look="primary" className="min-h-11">
            {t("logs.saveView")}
          </Button>
        </form>
      </Dialog>
    </>
  );
}
