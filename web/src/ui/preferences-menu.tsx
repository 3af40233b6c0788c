import { Languages } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LOCALES, type Locale } from "../../../src/kernel/locale.ts";
import { chooseLanguage, LANGUAGE_NAMES, useLocale } from "../i18n/language.ts";
import { chooseTheme, currentTheme, THEME_LABELS, THEMES, type Theme } from "../lib/theme.ts";
import { buttonStyle } from "./button.tsx";
import { Menu, MenuChoice, MenuSeparator } from "./menu.tsx";

/** Language and theme for visitors; who is signed in finds the same under Settings. */
export function PreferencesMenu() {
  const { t } = useTranslation();
  return (
    <Menu
      trigger={
        <button
          type="button"
          className={buttonStyle({ look: "quiet", size: "icon" })}
          aria-label={t("common.preferences")}
        >
          <Languages aria-hidden />
        </button>
      }
    >
      <PreferenceChoices />
    </Menu>
  );
}

/** `onLanguage` is told what was chosen, after the page has changed. */
export function PreferenceChoices({ onLanguage }: { onLanguage?: (locale: Locale) => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [theme, setTheme] = useState<Theme>(currentTheme);
  return (
    <>
      <MenuChoice
        label={t("common.language")}
        value={locale}
        options={LOCALES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
        onChoose={(chosen) => {
          void chooseLanguage(chosen);
          onLanguage?.(chosen);
        }}
      />
      <MenuSeparator />
      <MenuChoice
        label={t("common.theme")}
        value={theme}
        options={THEMES.map((value) => ({ value, label: t(THEME_LABELS[value]) }))}
        onChoose={(chosen) => {
          chooseTheme(chosen);
          setTheme(chosen);
        }}
      />
    </>
  );
}
