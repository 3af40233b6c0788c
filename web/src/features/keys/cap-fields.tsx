import { useTranslation } from "react-i18next";
import { TextField } from "../../ui/text-field.tsx";
import { CAPS, type Caps } from "./limits.ts";

interface CapFieldsProps {
  initial?: Caps;
  errors: { [Cap in keyof Caps]?: string | undefined };
}

/** How fast a key may be used: the fields `rpm`, `tpm` and `parallel` of a form. */
export function CapFields({ initial, errors }: CapFieldsProps) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-4 sm:grid-cols-3 sm:items-end">
      {CAPS.map((cap) => (
        <TextField
          key={cap}
          name={cap}
          label={t(`keys.cap_${cap}`)}
          placeholder={t("keys.limitNone")}
          inputMode="numeric"
          autoComplete="off"
          defaultValue={initial?.[cap] ?? ""}
          error={errors[cap]}
        />
      ))}
    </div>
  );
}
