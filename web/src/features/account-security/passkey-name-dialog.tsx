import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Passkey } from "../../../../src/contract/schemas/sign-in.ts";
import { deviceOf } from "../../../../src/kernel/user-agent.ts";
import { call } from "../../lib/api.ts";
import { useFormErrors } from "../../lib/form-errors.ts";
import { makePasskey } from "../../lib/passkeys.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { nameProblem, textOf } from "../account/entries.ts";
import { ProofError } from "../proof/proof-error.tsx";
import { accountSecurityQuery } from "./account-queries.ts";

/** Names a passkey: one that is there, or, with null, one that the browser makes next. */
export function PasskeyNameDialog({ passkey, onClose }: { passkey: Passkey | null; onClose: () => void }) {
  const { t } = useTranslation();
  const { formRef, errors, accept } = useFormErrors<"name">();
  const save = useSavePasskey(passkey, onClose);
  const { browser, system } = deviceOf(window.navigator.userAgent);
  const suggested = passkey?.name ?? [browser, system].filter((part) => part !== null).join(" · ");
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const name = textOf(new FormData(event.currentTarget), "name").trim();
    if (accept({ name: nameProblem(name, t) })) save.mutate(name);
  }
  return (
    <Dialog isOpen onClose={onClose} title={t(passkey === null ? "accountPage.addPasskey" : "accountPage.rename")}>
      <form ref={formRef} noValidate onSubmit={submit} className="space-y-4">
        {passkey === null ? <p className="text-sm">{t("accountPage.addPasskeyText")}</p> : null}
        <ProofError error={save.error} />
        <TextField
          name="name"
          label={t("accountPage.passkeyName")}
          hint={t("accountPage.passkeyNameHint")}
          maxLength={60}
          defaultValue={suggested}
          error={errors.name}
        />
        <Button type="submit" look="primary" className="w-full" busy={save.isPending}>
          {t(passkey === null ? "account.continue" : "accountPage.saveName")}
        </Button>
      </form>
    </Dialog>
  );
}

function useSavePasskey(passkey: Passkey | null, onSaved: () => void) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (name: string) => {
      if (passkey !== null) return call("renamePasskey", { params: { id: passkey.id }, body: { name } });
      const made = await makePasskey(await call("getPasskeyOptions"));
      return made === null ? null : call("addPasskey", { body: { name, ...made } });
    },
    onSuccess: async (saved, name) => {
      if (saved === null) return;
      await queries.invalidateQueries(accountSecurityQuery);
      toasts.add({ title: t(passkey === null ? "accountPage.passkeyAdded" : "accountPage.renamed", { name }) });
      onSaved();
    },
  });
}
