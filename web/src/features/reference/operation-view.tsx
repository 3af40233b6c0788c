import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { asChecked, type JsonObject } from "../../../../src/kernel/json.ts";
import type { englishTexts } from "../../i18n/en/texts.ts";
import { classNames } from "../../lib/class-names.ts";
import { Badge, type BadgeTone } from "../../ui/badge.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { useInstance } from "../instance/instance.ts";
import { curlExample } from "./example.ts";
import type { ApiAccess, ApiOperation } from "./openapi.ts";
import { shapeOf } from "./schema-shape.ts";
import { SchemaView, TypeName } from "./schema-view.tsx";

const METHOD_STYLES: Record<string, string> = {
  GET: "bg-good-soft text-good",
  POST: "bg-brand-soft text-brand",
  PATCH: "bg-warn-soft text-warn",
  DELETE: "bg-bad-soft text-bad",
};
const ACCESS = {
  key: { tone: "brand", label: "reference.accessKey" },
  management: { tone: "brand", label: "reference.accessManagement" },
  session: { tone: "plain", label: "reference.accessSession" },
  public: { tone: "good", label: "reference.accessPublic" },
} as const satisfies Record<ApiAccess, { tone: BadgeTone; label: string }>;

/** What the operation does, in the reader's language. One that this page does not know keeps the document's words. */
export function summaryOf(operation: ApiOperation, t: TFunction): string {
  return t(`operations.${asChecked<keyof typeof englishTexts.operations>(operation.id)}`, {
    defaultValue: operation.summary,
  });
}

interface OperationViewProps {
  operation: ApiOperation;
  document: JsonObject;
  isOpen: boolean;
}

export function OperationView({ operation, document, isOpen }: OperationViewProps) {
  const { t } = useTranslation();
  const access = ACCESS[operation.access];
  return (
    <details id={operation.id} open={isOpen} className="group scroll-mt-20 rounded-lg border border-line bg-surface">
      <summary className="flex flex-wrap items-center gap-x-3 gap-y-1.5 rounded-lg px-4 py-3 hover:bg-sunken/60">
        <span
          className={classNames(
            "w-16 rounded-md py-0.5 text-center font-mono text-xs font-bold",
            METHOD_STYLES[operation.method] ?? "bg-sunken text-muted",
          )}
        >
          {operation.method}
        </span>
        <code className="min-w-0 font-mono text-sm font-semibold [overflow-wrap:anywhere]">{operation.path}</code>
        <span className="w-full text-sm text-muted sm:w-auto sm:flex-1">{summaryOf(operation, t)}</span>
        <Badge tone={access.tone}>{t(access.label)}</Badge>
      </summary>
      <div className="space-y-6 border-t border-line px-4 py-5">
        <Parameters operation={operation} document={document} />
        {operation.body ? (
          <Part title={t("reference.requestBody")}>
            <SchemaView shape={shapeOf(operation.body, document)} />
          </Part>
        ) : null}
        <Example operation={operation} document={document} />
        {operation.answers.map(({ status, type, schema }) => (
          <Part
            key={`${status} ${type}`}
            title={status === "default" ? t("reference.errorAnswer") : t("reference.answer", { status })}
            note={type}
          >
            <SchemaView shape={shapeOf(schema, document)} />
          </Part>
        ))}
      </div>
    </details>
  );
}

function Part({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-2 flex flex-wrap items-baseline gap-x-3 text-sm font-bold">
        {title}
        {note ? <span className="font-mono text-xs font-normal text-muted">{note}</span> : null}
      </h3>
      {children}
    </section>
  );
}

function Parameters({ operation, document }: { operation: ApiOperation; document: JsonObject }) {
  const { t } = useTranslation();
  if (operation.parameters.length === 0) return null;
  return (
    <Part title={t("reference.parameters")}>
      <ul className="divide-y divide-line rounded-lg border border-line text-sm">
        {operation.parameters.map(({ name, place, isRequired, schema }) => (
          <li key={name} className="flex flex-wrap items-baseline gap-x-3 px-3 py-2">
            <code className="font-mono font-semibold">{name}</code>
            <TypeName shape={shapeOf(schema, document)} />
            <span className="text-xs text-muted">
              {place === "path" ? t("reference.inPath") : t("reference.inQuery")},{" "}
              {isRequired ? t("reference.required") : t("reference.optional")}
            </span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Example({ operation, document }: { operation: ApiOperation; document: JsonObject }) {
  const { t } = useTranslation();
  const { baseUrl } = useInstance();
  return (
    <Part title={t("reference.example")}>
      <CodeBlock code={curlExample(operation, document, baseUrl)} copyLabel={t("reference.copyExample")} />
    </Part>
  );
}
