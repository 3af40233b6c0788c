import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LOCALES, type Locale } from "../../../src/kernel/locale.ts";
import { chooseLanguage, LANGUAGE_NAMES, useLocale } from "../i18n/language.ts";
import { chooseTheme, currentTheme, THEME_LABELS, THEMES, type Theme } from "../lib/theme.ts";
import type { OpenedMenuProps } from "./later-menu.tsx";
import { Menu, MenuChoice, MenuSeparator } from "./menu.tsx";

/** The menu with nothing but these. */
export function PreferencesOnly(opened: OpenedMenuProps) {
  return (
    <Menu {...opened}>
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
