import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { Shape } from "./schema-shape.ts";

/** The fields of a schema, with their own fields below them. */
export function SchemaView({ shape }: { shape: Shape }) {
  const { t } = useTranslation();
  if (shape.fields.length === 0) {
    return (
      <p className="text-sm">
        <TypeName shape={shape} />
        {shape.description ? <span className="text-muted"> · {shape.description}</span> : null}
      </p>
    );
  }
  return (
    <>
      <ul className="divide-y divide-line rounded-lg border border-line text-sm">
        {shape.fields.map((field) => (
          <li key={field.name} className="px-3 py-2">
            <p className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
              <code className="font-mono font-semibold [overflow-wrap:anywhere]">{field.name}</code>
              <TypeName shape={field.shape} />
              <span className="text-xs text-muted">
                {field.isRequired ? t("reference.required") : t("reference.optional")}
              </span>
            </p>
            {field.shape.description ? <p className="mt-0.5 text-muted">{field.shape.description}</p> : null}
            {field.shape.fields.length > 0 ? (
              <div className="mt-2">
                <SchemaView shape={field.shape} />
              </div>
            ) : null}
          </li>
        ))}
      </ul>
      {shape.takesMore ? <p className="mt-1.5 text-xs text-muted">{t("reference.more")}</p> : null}
    </>
  );
}

export function TypeName({ shape }: { shape: Shape }) {
  const { t } = useTranslation();
  return <span className="font-mono text-xs text-brand [overflow-wrap:anywhere]">{typeText(shape, t)}</span>;
}

function typeText(shape: Shape, t: TFunction): string {
  const single = shape.values.length > 0 ? shape.values.join(" | ") : shape.type;
  const many = shape.isList ? t("reference.listOf", { type: single }) : single;
  return shape.isNullable ? `${many} ${t("reference.orNull")}` : many;
}
