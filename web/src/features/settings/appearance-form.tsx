import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LOCALES } from "../../../../src/kernel/locale.ts";
import { chooseLanguage, LANGUAGE_NAMES, useLocale } from "../../i18n/language.ts";
import { chooseTheme, currentTheme, THEME_LABELS, THEMES } from "../../lib/theme.ts";
import { Segments } from "../../ui/segments.tsx";
import { FormError } from "../../ui/states.tsx";
import { useSaveLanguage } from "../account/session.ts";

/** Takes effect at once. The language is kept with the account, too: mails are written in it. */
export function AppearanceForm() {
  const { t } = useTranslation();
  const locale = useLocale();
  const save = useSaveLanguage();
  const [theme, setTheme] = useState(currentTheme);
  return (
    <div className="flex flex-col items-start gap-4">
      <FormError error={save.error} />
      <div>
        <p className="mb-1.5 text-sm font-semibold">{t("common.language")}</p>
        <Segments
          label={t("common.language")}
          value={locale}
          options={LOCALES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
          onChoose={(chosen) => {
            void chooseLanguage(chosen);
            save.mutate(chosen);
          }}
        />
      </div>
      <div>
        <p className="mb-1.5 text-sm font-semibold">{t("common.theme")}</p>
        <Segments
          label={t("common.theme")}
          value={theme}
          options={THEMES.map((value) => ({ value, label: t(THEME_LABELS[value]) }))}
          onChoose={(chosen) => {
            chooseTheme(chosen);
            setTheme(chosen);
          }}
        />
      </div>
    </div>
  );
}
