import { Check } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { OpenedMenuProps } from "../../ui/later-menu.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { useAccountName, useActiveAccount, useMyAccounts } from "./accounts.ts";
import { useWorkIn } from "./use-work-in.ts";

/** The accounts that somebody belongs to, with the role in each. */
export function SwitcherChoices(props: OpenedMenuProps) {
  const { t } = useTranslation();
  const { accounts } = useMyAccounts();
  const active = useActiveAccount();
  const nameOf = useAccountName();
  const workIn = useWorkIn();
  return (
    <Menu {...props}>
      <p className="px-2.5 pt-2 pb-1 text-xs font-semibold text-muted">{t("accounts.switcherTitle")}</p>
      {accounts.map((account) => (
        <MenuItem key={account.id} onClick={() => workIn(account)}>
          {account.id === active.id ? <Check aria-hidden className="text-brand" /> : <span className="size-4" />}
          <span className="max-w-64 truncate">{nameOf(account)}</span>
          <span className="ml-auto pl-3 text-xs text-muted">{t(`accounts.role_${account.role}`)}</span>
        </MenuItem>
      ))}
    </Menu>
  );
}
