import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Section } from "../../ui/section.tsx";
import { useInstance } from "../instance/instance.ts";

const WHAT_IS_NEW = "git fetch && git log --oneline HEAD..@{upstream}";

/** What this is, where to read on, and how to see whether there is something newer: the server itself asks nobody. */
export function AboutPanel() {
  const { t } = useTranslation();
  const { version } = useInstance();
  return (
    <div className="space-y-5">
      <Section title={t("administration.aboutVersion", { version })}>
        <p>{t("administration.licence")}</p>
      </Section>
      <Section title={t("administration.docs")}>
        <p>{t("administration.docsText")}</p>
        <Link to="/docs" className="mt-2 inline-block font-semibold text-brand underline">
          {t("administration.apiDocs")}
        </Link>
      </Section>
      <Section title={t("administration.updates")}>
        <p className="mb-3">{t("administration.updatesText")}</p>
        <CodeBlock code={WHAT_IS_NEW} copyLabel={t("administration.copyCommand")} />
        <p className="mt-3 text-sm text-muted">{t("administration.updatesHow")}</p>
      </Section>
    </div>
  );
}
