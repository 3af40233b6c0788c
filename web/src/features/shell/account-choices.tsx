import { useNavigate } from "@tanstack/react-router";
import { LogOut, Mail, Settings } from "lucide-react";
import { useTranslation } from "react-i18next";
import { failureToast } from "../../lib/error-text.ts";
import type { OpenedMenuProps } from "../../ui/later-menu.tsx";
import { Menu, MenuItem, MenuSeparator } from "../../ui/menu.tsx";
import { PreferenceChoices } from "../../ui/preference-choices.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { useLogout, useSaveLanguage } from "../account/session.ts";
import { useInstance } from "../instance/instance.ts";

/** What belongs to the person: settings, language, theme, the way out. */
export function AccountChoices(opened: OpenedMenuProps) {
  const { t } = useTranslation();
  const instance = useInstance();
  const navigate = useNavigate();
  const logout = useLogout();
  const saveLanguage = useSaveLanguage();
  return (
    <Menu {...opened}>
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
      <MenuItem onClick={() => logout.mutate(undefined, { onError: (error) => toasts.add(failureToast(error, t)) })}>
        <LogOut aria-hidden />
        {t("shell.logout")}
      </MenuItem>
    </Menu>
  );
}
