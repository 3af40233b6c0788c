import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { ApiKeyRow } from "../../../../src/contract/schemas/keys.ts";
import { refusedFields, useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { FormError } from "../../ui/states.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { textOf } from "../account/entries.ts";
import { readAddresses } from "../security/address-list.ts";
import { AllowedAddressFields } from "../security/allowed-address-fields.tsx";
import { useAddressProblem } from "../security/use-address-problem.ts";
import { AllowedModelFields } from "./allowed-model-fields.tsx";
import { modelsProblem, readModels } from "./allowed-models.ts";
import { CapFields } from "./cap-fields.tsx";
import { ExpiryField } from "./expiry-field.tsx";
import { keyNameProblem } from "./key-name.ts";
import { useUpdateKey } from "./key-queries.ts";
import { LimitFields } from "./limit-fields.tsx";
import { CAPS, limitProblem, readCaps, readExpiry, readLimit } from "./limits.ts";

const FIELDS = ["name", "limitUsd", "expiresAt", "allowedAddresses", "allowedModels", ...CAPS] as const;

/** Changes what a key is called, when it ends and, unless it only administers, what it may spend and how fast. */
export function EditKeyDialog({ apiKey, onClose }: { apiKey: ApiKeyRow; onClose: () => void }) {
  const { t } = useTranslation();
  const update = useUpdateKey();
  const { formRef, errors, accept } = useFormErrors<(typeof FIELDS)[number]>();
  const refused = refusedFields(update.error, FIELDS, t);
  const addressProblem = useAddressProblem();
  const maySpend = apiKey.kind === "inference";

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = textOf(form, "name").trim();
    const limit = readLimit(form);
    const expiresAt = readExpiry(form, apiKey.expiresAt);
    const { caps, problems } = readCaps(form, t);
    const addresses = readAddresses(form);
    const others = { name: keyNameProblem(name, t), limitUsd: limitProblem(limit, t) };
    const allowedModels = readModels(form);
    const lists = { allowedAddresses: addressProblem(addresses), allowedModels: modelsProblem(allowedModels, t) };
    if (!accept({ ...others, ...problems, ...lists })) return;
    const onSuccess = () => {
      toasts.add({ title: t("keys.edited", { name }) });
      onClose();
    };
    const bounds = maySpend ? { ...limit, ...caps, allowedModels } : {};
    const changes = { name, ...bounds, expiresAt, allowedAddresses: addresses.allowedAddresses };
    update.mutate({ id: apiKey.id, ...changes }, { onSuccess });
  }

  return (
    <Dialog isOpen onClose={onClose} title={t("keys.editTitle")}>
      <form ref={formRef} noValidate onSubmit={submit} className="space-y-5">
        {refused === null ? <FormError error={update.error} /> : null}
        <TextField
          name="name"
          label={t("keys.description")}
          defaultValue={apiKey.name}
          autoComplete="off"
          error={errors.name ?? refused?.name}
        />
        {maySpend ? (
          <>
            <LimitFields initial={apiKey} error={errors.limitUsd ?? refused?.limitUsd} />
            <CapFields initial={apiKey} errors={{ ...refused, ...errors }} />
            <AllowedModelFields
              initial={apiKey.allowedModels}
              error={errors.allowedModels ?? (refused?.allowedModels && t("keys.modelsInvalid"))}
            />
          </>
        ) : null}
        <ExpiryField
          initial={apiKey.expiresAt}
          secretMadeAt={apiKey.rotatedAt ?? apiKey.createdAt}
          error={refused?.expiresAt}
        />
        <AllowedAddressFields
          label={t("security.allowedFrom")}
          initial={apiKey.allowedAddresses}
          error={errors.allowedAddresses ?? refused?.allowedAddresses}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look="primary" busy={update.isPending}>
            {t("common.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
