import { useNavigate } from "@tanstack/react-router";
import { LogOut, Mail, Settings } from "lucide-react";
import { useTranslation } from "react-i18next";
import { errorText } from "../../lib/error-text.ts";
import { Menu, MenuItem, MenuSeparator } from "../../ui/menu.tsx";
import { PreferenceChoices } from "../../ui/preferences-menu.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { useAccount, useLogout, useSaveLanguage } from "../account/session.ts";
import { useInstance } from "../instance/instance.ts";

/** Who is signed in, with what belongs to the person: settings, language, theme, the way out. */
export function AccountMenu({ isCompact = false }: { isCompact?: boolean }) {
  const { t } = useTranslation();
  const account = useAccount();
  const instance = useInstance();
  const navigate = useNavigate();
  const logout = useLogout();
  const saveLanguage = useSaveLanguage();
  return (
    <Menu
      trigger={
        <button type="button" className="flex w-full items-center gap-3 rounded-lg p-1.5 text-left hover:bg-sunken">
          <span
            aria-hidden
            className="flex size-9 shrink-0 items-center justify-center rounded-lg bg-brand text-sm font-bold text-on-brand"
          >
            {initialsOf(account.name)}
          </span>
          {isCompact ? (
            <span className="sr-only">{t("shell.accountMenu", { name: account.name })}</span>
          ) : (
            <span className="min-w-0">
              <span className="block truncate text-sm font-semibold">{account.name}</span>
              <span className="block truncate text-xs text-muted">{account.email}</span>
            </span>
          )}
        </button>
      }
    >
      <MenuItem onClick={() => void navigate({ to: "/settings" })}>
        <Settings aria-hidden />
        {t("shell.settings")}
      </MenuItem>
      {instance.mail.mailboxOpen ? (
        <MenuItem onClick={() => void navigate({ to: "/mailbox" })}>
          <Mail aria-hidden />
          {t("shell.mailbox")}
        </MenuItem>
      ) : null}
      <MenuSeparator />
      <PreferenceChoices onLanguage={(locale) => saveLanguage.mutate(locale)} />
      <MenuSeparator />
      <MenuItem
        onClick={() =>
          logout.mutate(undefined, { onError: (error) => toasts.add({ title: errorText(error, t), type: "bad" }) })
        }
      >
        <LogOut aria-hidden />
        {t("shell.logout")}
      </MenuItem>
    </Menu>
  );
}

/** "Budi Santoso" is "BS"; a single name gives one letter. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = [...(words[0] ?? "")][0] ?? "";
  const last = words.length > 1 ? ([...(words.at(-1) ?? "")][0] ?? "") : "";
  return `${first}${last}`.toUpperCase();
}
