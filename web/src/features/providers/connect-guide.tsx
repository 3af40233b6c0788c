import { useTranslation } from "react-i18next";
import { CodeBlock } from "../../ui/code-block.tsx";

const CONFIG_LINES = `providers:
  - type: openai-compatible
    slug: lab
    baseUrl: https://llm.example.com/v1
    apiKeyVariable: LAB_API_KEY`;

/** How providers are connected where Gapura is started. */
export function ConnectGuide() {
  const { t } = useTranslation();
  const copyLabel = t("providers.copyCommand");
  return (
    <section className="mt-10">
      <h2 className="text-xl font-bold">{t("providers.connectTitle")}</h2>
      <p className="mt-1 text-muted">{t("providers.connectText")}</p>
      <div className="mt-4 grid gap-x-6 gap-y-5 md:grid-cols-2 *:min-w-0">
        <div>
          <h3 className="mb-2 font-semibold">{t("providers.connectOpenai")}</h3>
          <CodeBlock code="OPENAI_API_KEY=sk-… npm start" copyLabel={copyLabel} />
        </div>
        <div>
          <h3 className="mb-2 font-semibold">{t("providers.connectOpenrouter")}</h3>
          <CodeBlock code="OPENROUTER_API_KEY=sk-or-… npm start" copyLabel={copyLabel} />
        </div>
        <div>
          <h3 className="mb-2 font-semibold">{t("providers.connectOther")}</h3>
          <p className="mb-2 text-sm text-muted">{t("providers.connectOtherText")}</p>
          <CodeBlock code={CONFIG_LINES} copyLabel={copyLabel} />
        </div>
        <div>
          <h3 className="mb-2 font-semibold">{t("providers.connectLocal")}</h3>
          <p className="text-sm text-muted">{t("providers.connectLocalText")}</p>
        </div>
      </div>
    </section>
  );
}
