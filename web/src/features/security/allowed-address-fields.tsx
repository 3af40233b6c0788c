import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Segments } from "../../ui/segments.tsx";
import { TextArea } from "../../ui/text-area.tsx";
import { CONFIRM_FIELD, LIST_FIELD, locksOut, splitAddresses } from "./address-list.ts";
import { addressesQuery } from "./security-queries.ts";

interface AllowedAddressFieldsProps {
  label: string;
  initial?: string[] | null;
  error?: string | undefined;
}

/**
 * From where a key may be called: read with `readAddresses`. Shows the person's own address, and asks whether it is
 * meant when that would be refused.
 */
export function AllowedAddressFields({ label, initial = null, error }: AllowedAddressFieldsProps) {
  const { t } = useTranslation();
  const { data } = useQuery(addressesQuery);
  const [list, setList] = useState(initial === null ? null : initial.join("\n"));
  const yourAddress = data?.yourAddress ?? null;
  const isLockedOut = list !== null && data !== undefined && locksOut(splitAddresses(list), yourAddress);
  return (
    <div className="space-y-3">
      <div>
        <p aria-hidden className="mb-1.5 text-sm font-semibold">
          {label}
        </p>
        <Segments
          label={label}
          value={list === null ? "anywhere" : "listed"}
          options={[
            { value: "anywhere", label: t("security.fromAnywhere") },
            { value: "listed", label: t("security.fromListed") },
          ]}
          onChoose={(choice) =>
            setList(choice === "anywhere" ? null : (list ?? initial?.join("\n") ?? yourAddress ?? ""))
          }
        />
      </div>
      {list === null ? null : (
        <>
          <TextArea
            name={LIST_FIELD}
            label={t("security.addresses")}
            hint={t("security.addressesHint")}
            value={list}
            onChange={(event) => setList(event.target.value)}
            placeholder={"203.0.113.7\n2001:db8::/32"}
            autoComplete="off"
            spellCheck={false}
            error={error}
          />
          {isLockedOut ? (
            <LockOutNotice
              yourAddress={yourAddress}
              onAdd={(address) => setList(`${list.trimEnd()}\n${address}`.trim())}
            />
          ) : null}
        </>
      )}
    </div>
  );
}

function LockOutNotice({ yourAddress, onAdd }: { yourAddress: string | null; onAdd: (address: string) => void }) {
  const { t } = useTranslation();
  return (
    <Notice tone="warn" title={t("security.lockOutTitle")}>
      <p>{yourAddress === null ? t("security.lockOutUnknown") : t("security.lockOutText", { address: yourAddress })}</p>
      <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-2">
        {yourAddress === null ? null : (
          <Button size="small" onClick={() => onAdd(yourAddress)}>
            {t("security.addMyAddress")}
          </Button>
        )}
        <label className="flex min-h-9 cursor-pointer items-center gap-2 font-semibold">
          <input type="checkbox" name={CONFIRM_FIELD} className="size-4 accent-brand" />
          {t("security.lockOutConfirm")}
        </label>
      </div>
    </Notice>
  );
}
