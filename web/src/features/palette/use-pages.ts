import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useNavigation } from "../shell/use-navigation.ts";
import type { PaletteEntry } from "./entries.ts";

/** Every page of the menu. */
export function usePages(): PaletteEntry[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return useNavigation()
    .flatMap((group) => group.entries)
    .map(({ to, label, icon }) => ({
      id: `page:${to}`,
      label: t(label),
      ...(to === "/docs" ? { words: t("palette.docsWords") } : {}),
      icon,
      run: () => void navigate({ to }),
    }));
}
