import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { CodeBlock } from "../../ui/code-block.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { apiBaseUrl, useInstance } from "../instance/instance.ts";
import {
  curlSnippet,
  javascriptSnippet,
  KEY_PLACEHOLDER,
  postmanFields,
  powershellSnippet,
  pythonSnippet,
  type SnippetContext,
  shellSnippet,
} from "./snippets.ts";

interface KeyExamplesProps {
  /** The whole key, or a placeholder. */
  apiKey: string;
  /** Something that holds the key was copied. */
  onKeyCopied?: () => void;
}

/** The first request, ready to paste, with this instance's address. */
export function KeyExamples({ apiKey, onKeyCopied }: KeyExamplesProps) {
  const { t } = useTranslation();
  const context = { apiBaseUrl: apiBaseUrl(useInstance()), key: apiKey };
  const copied = onKeyCopied ? { onCopied: onKeyCopied } : {};
  const copyLabel = t("keys.copySnippet");
  const block = (code: string) => <CodeBlock code={code} copyLabel={copyLabel} />;
  return (
    <Tabs
      label={t("keys.tabsLabel")}
      tabs={[
        {
          name: "curl",
          label: t("keys.tabCurl"),
          content: (
            <Example text={apiKey === KEY_PLACEHOLDER ? t("keys.runCurlPlain") : t("keys.runCurl")}>
              <CodeBlock code={curlSnippet(context)} copyLabel={copyLabel} {...copied} />
            </Example>
          ),
        },
        { name: "postman", label: t("keys.tabPostman"), content: <PostmanExample context={context} /> },
        {
          name: "javascript",
          label: t("keys.tabJavascript"),
          content: <Example text={t("keys.runJavascript")}>{block(javascriptSnippet(context))}</Example>,
        },
        {
          name: "python",
          label: t("keys.tabPython"),
          content: <Example text={t("keys.runPython")}>{block(pythonSnippet(context))}</Example>,
        },
        {
          name: "environment",
          label: t("keys.tabEnvironment"),
          content: (
            <Example text={t("keys.runEnvironment")}>
              <CodeBlock code={shellSnippet(context)} copyLabel={copyLabel} {...copied} />
              <p className="mt-4 mb-2 text-sm text-muted">{t("keys.runPowershell")}</p>
              <CodeBlock code={powershellSnippet(context)} copyLabel={copyLabel} {...copied} />
            </Example>
          ),
        },
      ]}
    />
  );
}

function Example({ text, children }: { text: string; children: ReactNode }) {
  return (
    <>
      <p className="mb-2 text-sm text-muted">{text}</p>
      {children}
    </>
  );
}

function PostmanExample({ context }: { context: SnippetContext }) {
  const { t } = useTranslation();
  const fields = postmanFields(context);
  const rows = [
    { label: t("keys.postmanMethod"), value: fields.method },
    { label: t("keys.postmanAddress"), value: fields.address },
    ...fields.headers.map(({ name, value }) => ({ label: t("keys.postmanHeader", { name }), value })),
    { label: t("keys.postmanBody"), value: fields.body },
  ];
  return (
    <Example text={t("keys.runPostman")}>
      <dl className="divide-y divide-line rounded-lg border border-line bg-sunken">
        {rows.map(({ label, value }) => (
          <div key={label} className="py-2 pr-1.5 pl-4">
            <dt className="text-xs font-semibold text-muted">{label}</dt>
            <dd className="flex items-start gap-2">
              <code className="min-w-0 flex-1 py-2 font-mono text-[0.8125rem] whitespace-pre-wrap [overflow-wrap:anywhere]">
                {value}
              </code>
              <CopyButton text={value} look="quiet" size="icon" aria-label={`${t("common.copy")}: ${label}`} />
            </dd>
          </div>
        ))}
      </dl>
    </Example>
  );
}
