import { ChevronRight } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BodyOf } from "../../../../src/contract/routes.ts";
import { refusedFields, useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { Segments } from "../../ui/segments.tsx";
import { FormError } from "../../ui/states.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { textOf } from "../account/entries.ts";
import { readAddresses } from "../security/address-list.ts";
import { AllowedAddressFields } from "../security/allowed-address-fields.tsx";
import { useAddressProblem } from "../security/use-address-problem.ts";
import { useReach } from "../team/accounts.ts";
import { AllowedModelFields } from "./allowed-model-fields.tsx";
import { modelsProblem, readModels } from "./allowed-models.ts";
import { CapFields } from "./cap-fields.tsx";
import { ExpiryField } from "./expiry-field.tsx";
import { keyNameProblem } from "./key-name.ts";
import { LimitFields } from "./limit-fields.tsx";
import { CAPS, limitProblem, readCaps, readExpiry, readLimit } from "./limits.ts";

const FIELDS = ["name", "limitUsd", "expiresAt", "allowedAddresses", "allowedModels", ...CAPS] as const;
const KINDS = ["inference", "management"] as const;
type Kind = (typeof KINDS)[number];

interface CreateKeyFormProps {
  isBusy: boolean;
  error: unknown;
  onSubmit: (key: BodyOf<"createKey">) => void;
  onCancel: () => void;
}

/** A description is all that a key needs; everything else is under a fold. */
export function CreateKeyForm({ isBusy, error, onSubmit, onCancel }: CreateKeyFormProps) {
  const { t } = useTranslation();
  const { formRef, errors, accept } = useFormErrors<(typeof FIELDS)[number]>();
  const [kind, setKind] = useState<Kind>("inference");
  const refused = refusedFields(error, FIELDS, t);
  const addressProblem = useAddressProblem();

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = textOf(form, "name").trim();
    const limit = readLimit(form);
    const { caps, problems } = readCaps(form, t);
    const addresses = readAddresses(form);
    const others = { name: keyNameProblem(name, t), limitUsd: limitProblem(limit, t) };
    const allowedModels = readModels(form);
    const lists = { allowedAddresses: addressProblem(addresses), allowedModels: modelsProblem(allowedModels, t) };
    if (!accept({ ...others, ...problems, ...lists })) return;
    const bounds = kind === "management" ? {} : { ...limit, ...caps, allowedModels };
    onSubmit({ name, kind, ...bounds, expiresAt: readExpiry(form), allowedAddresses: addresses.allowedAddresses });
  }

  return (
    <form ref={formRef} noValidate onSubmit={submit} className="space-y-5">
      {refused === null ? <FormError error={error} /> : null}
      <TextField
        name="name"
        label={t("keys.description")}
        placeholder={t("keys.descriptionExample")}
        autoComplete="off"
        error={errors.name ?? refused?.name}
      />
      <details className="group rounded-lg border border-line">
        <summary className="flex cursor-pointer items-center gap-2 rounded-lg px-3.5 py-2.5 text-sm font-semibold select-none hover:bg-sunken">
          <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
          {t("keys.moreOptions")}
        </summary>
        <div className="space-y-4 px-3.5 pt-1 pb-4">
          <KindChoice kind={kind} onChoose={setKind} />
          {kind === "inference" ? (
            <>
              <LimitFields error={errors.limitUsd ?? refused?.limitUsd} />
              <CapFields errors={{ ...refused, ...errors }} />
              <AllowedModelFields error={errors.allowedModels ?? (refused?.allowedModels && t("keys.modelsInvalid"))} />
            </>
          ) : null}
          <ExpiryField error={refused?.expiresAt} />
          <AllowedAddressFields
            label={t("security.allowedFrom")}
            error={errors.allowedAddresses ?? refused?.allowedAddresses}
          />
        </div>
      </details>
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>{t("common.cancel")}</Button>
        <Button type="submit" look="primary" busy={isBusy}>
          {t("keys.generate")}
        </Button>
      </div>
    </form>
  );
}

function KindChoice({ kind, onChoose }: { kind: Kind; onChoose: (kind: Kind) => void }) {
  const { t } = useTranslation();
  const administers = useReach("createApiKey") !== "none";
  return (
    <div>
      <p aria-hidden className="mb-1.5 text-sm font-semibold">
        {t("keys.kind")}
      </p>
      <Segments
        label={t("keys.kind")}
        value={kind}
        options={KINDS.filter((name) => name === "inference" || administers).map((value) => ({
          value,
          label: t(value === "inference" ? "keys.kindInference" : "keys.kindManagement"),
        }))}
        onChoose={onChoose}
      />
      <p className="mt-1.5 text-sm text-muted">
        {t(kind === "inference" ? "keys.kindInferenceHint" : "keys.kindManagementHint")}
      </p>
    </div>
  );
}
