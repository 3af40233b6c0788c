import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../lib/api.ts";
import { refusedFields, useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { FormError } from "../../ui/states.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { textOf } from "../account/entries.ts";
import { useMembershipChange } from "./team-queries.ts";

const FIELDS = ["name"] as const;

/** Makes a team, or gives one another name. `current` is the name that it has; null for a new one. */
export function TeamNameDialog({ current, onClose }: { current: string | null; onClose: () => void }) {
  const { t } = useTranslation();
  const { formRef, errors, accept } = useFormErrors<"name">();
  const isNew = current === null;
  const save = useMembershipChange((name: string): Promise<unknown> => {
    return isNew ? call("createTeam", { body: { name } }) : call("updateTeam", { body: { name } });
  });
  const refused = refusedFields(save.error, FIELDS, t);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const name = textOf(new FormData(event.currentTarget), "name").trim();
    if (!accept({ name: name === "" ? t("team.nameMissing") : undefined })) return;
    save.mutate(name, {
      onSuccess: () => {
        toasts.add({ title: isNew ? t("team.made") : t("team.renamed") });
        onClose();
      },
    });
  }

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={isNew ? t("team.makeTitle") : t("team.rename")}
      {...(isNew ? { description: t("team.makeText") } : {})}
    >
      <form ref={formRef} noValidate onSubmit={submit} className="space-y-4">
        {refused === null ? <FormError error={save.error} /> : null}
        <TextField
          name="name"
          label={t("team.name")}
          maxLength={100}
          autoComplete="off"
          defaultValue={current ?? ""}
          error={errors.name ?? refused?.name}
        />
        <Button type="submit" look="primary" busy={save.isPending}>
          {isNew ? t("team.make") : t("common.save")}
        </Button>
      </form>
    </Dialog>
  );
}
