import { useTranslation } from "react-i18next";
import type { JsonObject } from "../../../../src/kernel/json.ts";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { apiBaseUrl, useInstance } from "../instance/instance.ts";
import { curlCall, javascriptCall, pythonCall } from "./call-snippets.ts";

/** A call as code in three languages, with this instance's address. */
export function CallSamples({ body }: { body: JsonObject }) {
  const { t } = useTranslation();
  const snippet = { apiBaseUrl: apiBaseUrl(useInstance()), body };
  const block = (code: string) => (
    <CodeBlock code={code} copyLabel={t("keys.copySnippet")} className="[&_pre]:max-h-96 [&_pre]:overflow-y-auto" />
  );
  return (
    <Tabs
      label={t("keys.tabsLabel")}
      tabs={[
        { name: "curl", label: t("keys.tabCurl"), content: block(curlCall(snippet)) },
        { name: "python", label: t("keys.tabPython"), content: block(pythonCall(snippet)) },
        { name: "javascript", label: t("keys.tabJavascript"), content: block(javascriptCall(snippet)) },
      ]}
    />
  );
}
