import { useTranslation } from "react-i18next";

/** The first stop of the Tab key: past the header, to the element with the id "content". */
export function SkipLink() {
  const { t } = useTranslation();
  return (
    <a
      href="#content"
      className="sr-only z-50 rounded-lg bg-brand px-4 py-2 font-semibold text-on-brand focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
    >
      {t("common.skipToContent")}
    </a>
  );
}
