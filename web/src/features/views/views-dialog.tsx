import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Bookmark } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ViewPage } from "../../../../src/contract/schemas/saved-views.ts";
import { useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { CheckField } from "../../ui/check-field.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorState, FormError, Skeleton } from "../../ui/states.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useActiveAccount, useReach } from "../team/accounts.ts";
import { ViewList } from "./view-list.tsx";
import { useSaveView, viewsQuery } from "./view-queries.ts";
import { queryOf } from "./view-query.ts";

interface ViewsDialogProps {
  page: ViewPage;
  /** What the page takes from its address, without what is not worth keeping. */
  search: object;
}

/** Keeps what a page shows under a name, and opens what was kept. */
export function ViewsDialog({ page, search }: ViewsDialogProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Bookmark aria-hidden />
        {t("views.title")}
      </Button>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title={t("views.title")} description={t("views.text")}>
        <Views page={page} onOpened={() => setOpen(false)} />
        <SaveForm page={page} query={queryOf(search)} />
      </Dialog>
    </>
  );
}

function Views({ page, onOpened }: { page: ViewPage; onOpened: () => void }) {
  const { history } = useRouter();
  const { data, error, isPending, refetch } = useQuery(viewsQuery(page));
  if (isPending) return <Skeleton className="h-10 rounded-lg" />;
  if (!data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <ViewList
      views={data}
      onOpen={({ query }) => {
        onOpened();
        history.push(query === "" ? `/${page}` : `/${page}?${query}`);
      }}
    />
  );
}

function SaveForm({ page, query }: { page: ViewPage; query: string }) {
  const { t } = useTranslation();
  const isTeam = useActiveAccount().kind === "team";
  const mayShare = useReach("createKey") !== "none" && isTeam;
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const { formRef, errors, accept } = useFormErrors<"name">();
  const save = useSaveView();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!accept({ name: name.trim() === "" ? t("views.nameMissing") : undefined })) return;
    save.mutate({ page, name: name.trim(), query, shared: mayShare && shared }, { onSuccess: () => setName("") });
  };
  return (
    <form ref={formRef} onSubmit={submit} noValidate className="mt-4 border-t border-line pt-4">
      <div className="mb-3 empty:hidden">
        <FormError error={save.error} />
      </div>
      <div className="flex items-end gap-3">
        <TextField
          label={t("views.name")}
          value={name}
          maxLength={60}
          error={errors.name}
          onChange={({ target }) => setName(target.value)}
          className="min-w-0 flex-1"
        />
        <Button type="submit" look="primary" busy={save.isPending} className="min-h-11">
          {t("views.save")}
        </Button>
      </div>
      {mayShare ? (
        <CheckField
          className="mt-2"
          label={t("views.share")}
          checked={shared}
          onChange={({ target }) => setShared(target.checked)}
        />
      ) : null}
    </form>
  );
}
