import { useTranslation } from "react-i18next";
import type { ProviderKeyView, VendorFieldView, VendorView } from "../../../../src/contract/schemas/provider-keys.ts";
import { PROVIDER_TURN } from "../../../../src/kernel/provider-turn.ts";
import { useLocale } from "../../i18n/language.ts";
import { TextArea } from "../../ui/text-area.tsx";
import { PasswordField, TextField } from "../../ui/text-field.tsx";
import { type Errors, FIELD_PREFIX, isSealed, TURN_FIELDS } from "./provider-entry.ts";

interface FieldProps {
  field: VendorFieldView;
  vendor: VendorView;
  stored: ProviderKeyView | null;
  errors: Errors;
}

/** One field of a vendor, in the form that its kind asks for. What is sealed never comes back from the server. */
export function ProviderField({ field, vendor, stored, errors }: FieldProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const name = FIELD_PREFIX + field.name;
  const label = field.required ? field.label[locale] : t("providers.optional", { label: field.label[locale] });
  const hint = useHint({ field, vendor, stored });
  const common = { name, label, hint, error: errors[name], spellCheck: false, autoComplete: "off" };
  if (field.kind === "document") return <TextArea {...common} placeholder={field.example} />;
  if (field.kind === "secret") {
    // Browsers ignore "off" for passwords; as a new one they at least do not fill in that of the account.
    return <PasswordField {...common} autoComplete="new-password" placeholder={field.example} />;
  }
  const value = stored?.fields[field.name] ?? "";
  const type = field.kind === "url" ? "url" : "text";
  return <TextField {...common} type={type} defaultValue={value} placeholder={field.example} autoCapitalize="none" />;
}

function useHint({ field, vendor, stored }: Omit<FieldProps, "errors">) {
  const { t } = useTranslation();
  const locale = useLocale();
  const isKept = stored !== null && isSealed(field) && stored.label !== "";
  const hints = [field.help?.[locale]];
  if (isKept) {
    const isLabelled = field.name === "apiKey";
    hints.push(isLabelled ? t("providers.keptHint", { label: stored.label }) : t("providers.keptHidden"));
  } else if (isSealed(field) && field.required) hints.push(t("providers.keyHint"));
  if (field.name === "baseUrl" && !field.required && vendor.baseUrl !== null) {
    hints.push(t("providers.vendorAddress", { address: vendor.baseUrl }));
  }
  const text = hints.filter((hint) => hint !== undefined).join(" ");
  return text === "" ? undefined : <span className="[overflow-wrap:anywhere]">{text}</span>;
}

/** Name, short name, models and turn of a provider. */
export function NamingFields({ vendor, stored, errors }: Omit<FieldProps, "field">) {
  const { t } = useTranslation();
  return (
    <>
      <TextField
        name="name"
        label={t("providers.name")}
        defaultValue={stored?.name ?? ""}
        placeholder={vendor.name}
        maxLength={60}
        autoComplete="off"
        error={errors.name}
      />
      {stored === null && vendor.slug !== null ? <SlugField vendor={vendor} errors={errors} /> : null}
      <TextArea
        name="models"
        label={t("providers.optional", { label: t("providers.models") })}
        hint={t("providers.modelsHint")}
        defaultValue={stored?.models?.join("\n") ?? ""}
        spellCheck={false}
        rows={3}
        error={errors.models}
      />
      <TurnFields stored={stored} errors={errors} />
    </>
  );
}

const TURN_LABELS = { weight: "providers.weight", priority: "providers.priority" } as const;

function TurnFields({ stored, errors }: Pick<FieldProps, "stored" | "errors">) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-5 sm:grid-cols-2 sm:gap-4">
      {TURN_FIELDS.map((field) => (
        <TextField
          key={field}
          name={field}
          label={t(TURN_LABELS[field])}
          hint={t(`providers.${field}Hint`)}
          inputMode="numeric"
          autoComplete="off"
          defaultValue={stored?.[field] ?? PROVIDER_TURN[field].usual}
          error={errors[field]}
        />
      ))}
    </div>
  );
}

export function SlugField({ vendor, errors }: { vendor: VendorView; errors: Errors }) {
  const { t } = useTranslation();
  return (
    <TextField
      name="slug"
      label={t("providers.slug")}
      hint={
        vendor.slug === null
          ? t("providers.slugHintModels", { example: "my-server/model" })
          : t("providers.slugHintVendor", { slug: vendor.slug, name: vendor.name })
      }
      placeholder={vendor.slug ?? "my-server"}
      autoCapitalize="none"
      autoComplete="off"
      spellCheck={false}
      error={errors.slug}
    />
  );
}
