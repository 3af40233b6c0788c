import { useNavigate } from "@tanstack/react-router";
import { Languages, LogOut, Plus, SunMoon, User, Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import { LOCALES } from "../../../../src/kernel/locale.ts";
import { chooseLanguage, LANGUAGE_NAMES, useLocale } from "../../i18n/language.ts";
import { chooseTheme, currentTheme, THEME_LABELS, THEMES } from "../../lib/theme.ts";
import { useLogout, useSaveLanguage } from "../account/session.ts";
import { useAccountName, useActiveAccount, useMyAccounts, useReach } from "../team/accounts.ts";
import { useFailureToast } from "../team/team-queries.ts";
import { useWorkIn } from "../team/use-work-in.ts";
import type { PaletteEntry } from "./entries.ts";

/** What can be done from everywhere. What is so already is not offered. */
export function useActions(): PaletteEntry[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayMakeKeys = useReach("createKey") !== "none";
  const logout = useLogout();
  const onError = useFailureToast();
  const createKey: PaletteEntry = {
    id: "action:create-key",
    label: t("keys.create"),
    icon: Plus,
    run: () => void navigate({ to: "/keys", search: { create: true } }),
  };
  const leave: PaletteEntry = {
    id: "action:logout",
    label: t("shell.logout"),
    icon: LogOut,
    run: () => logout.mutate(undefined, { onError }),
  };
  return [...(mayMakeKeys ? [createKey] : []), ...useAccountEntries(), ...usePreferenceEntries(), leave];
}

function useAccountEntries(): PaletteEntry[] {
  const { t } = useTranslation();
  const { accounts } = useMyAccounts();
  const active = useActiveAccount();
  const nameOf = useAccountName();
  const workIn = useWorkIn();
  return accounts
    .filter(({ id }) => id !== active.id)
    .map((account) => ({
      id: `account:${account.id}`,
      label: t("palette.workIn", { name: nameOf(account) }),
      hint: t(`accounts.role_${account.role}`),
      icon: account.kind === "person" ? User : Users,
      run: () => workIn(account),
    }));
}

function usePreferenceEntries(): PaletteEntry[] {
  const { t } = useTranslation();
  const locale = useLocale();
  const saveLanguage = useSaveLanguage();
  const languages = LOCALES.filter((value) => value !== locale).map((value) => ({
    id: `language:${value}`,
    label: t("palette.choice", { of: t("common.language"), value: LANGUAGE_NAMES[value] }),
    icon: Languages,
    run: () => {
      void chooseLanguage(value);
      saveLanguage.mutate(value);
    },
  }));
  const themes = THEMES.filter((value) => value !== currentTheme()).map((value) => ({
    id: `theme:${value}`,
    label: t("palette.choice", { of: t("common.theme"), value: t(THEME_LABELS[value]) }),
    icon: SunMoon,
    run: () => chooseTheme(value),
  }));
  return [...languages, ...themes];
}
