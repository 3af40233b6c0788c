import { useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { AccountAddresses } from "../../../../src/contract/schemas/security.ts";
import { refusedFields, useFormErrors } from "../../lib/form-errors.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState, FormError, LoadingRows } from "../../ui/states.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { Changeable } from "../team/changeable.tsx";
import { addressProblem, LIST_FIELD, readAddresses } from "./address-list.ts";
import { AllowedAddressFields } from "./allowed-address-fields.tsx";
import { addressesQuery, useUpdateAddresses } from "./security-queries.ts";

const FIELDS = [LIST_FIELD] as const;

/** From where all keys of the account may be called. */
export function AccountAddressSection() {
  const { data, error, isPending, refetch } = useQuery(addressesQuery);
  if (isPending) return <LoadingRows rows={2} />;
  if (!data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <Changeable by="updateAccountAddresses">
      <AddressForm key={JSON.stringify(data.allowedAddresses)} current={data} />
    </Changeable>
  );
}

function AddressForm({ current }: { current: AccountAddresses }) {
  const { t } = useTranslation();
  const update = useUpdateAddresses();
  const { formRef, errors, accept } = useFormErrors<(typeof FIELDS)[number]>();
  const refused = refusedFields(update.error, FIELDS, t);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const entry = readAddresses(new FormData(event.currentTarget));
    if (!accept({ allowedAddresses: addressProblem(entry, current.yourAddress, t) })) return;
    const { allowedAddresses } = entry;
    // The form is made anew with what was saved, and what it waited for would not be told to one that is gone.
    const saved = () => toasts.add({ title: t("security.addressesSaved") });
    update.mutateAsync({ allowedAddresses }).then(saved, () => undefined);
  }

  return (
    <form ref={formRef} noValidate onSubmit={submit} className="space-y-4">
      {refused === null ? <FormError error={update.error} /> : null}
      <p className="text-sm text-muted">
        {current.yourAddress === null
          ? t("security.yourAddressUnknown")
          : t("security.yourAddress", { address: current.yourAddress })}
      </p>
      <AllowedAddressFields
        label={t("security.accountAddressesLabel")}
        initial={current.allowedAddresses}
        error={errors.allowedAddresses ?? refused?.allowedAddresses}
      />
      <Button type="submit" busy={update.isPending}>
        {t("common.save")}
      </Button>
    </form>
  );
}
