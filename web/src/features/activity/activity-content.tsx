import { useTranslation } from "react-i18next";
import type { GenerationContent } from "../../../../src/contract/schemas/records.ts";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Notice } from "../../ui/notice.tsx";

/** What was asked and answered, where the operator keeps it. */
export function ActivityContent({ content }: { content: GenerationContent }) {
  const { t } = useTranslation();
  const { input, output } = content;
  const asked = "prompt" in input ? input.prompt : JSON.stringify(input.messages, null, 2);
  const calls = output.tool_calls.length === 0 ? null : JSON.stringify(output.tool_calls, null, 2);
  return (
    <div className="space-y-4">
      {content.truncated ? <Notice tone="info">{t("activity.truncated")}</Notice> : null}
      <Said label={t("activity.asked")} text={asked} />
      <Said label={t("activity.thought")} text={output.reasoning} />
      <Said label={t("activity.answer")} text={output.completion} />
      <Said label={t("activity.toolCalls")} text={calls} />
      <Said label={t("activity.failure")} text={content.error?.message ?? null} />
    </div>
  );
}

function Said({ label, text }: { label: string; text: string | null }) {
  const { t } = useTranslation();
  if (text === null || text === "") return null;
  return (
    <div>
      <p className="mb-1 text-sm text-muted">{label}</p>
      <CodeBlock
        code={text}
        copyLabel={`${t("common.copy")}: ${label}`}
        className="[&_pre]:max-h-72 [&_pre]:overflow-y-auto [&_pre]:whitespace-pre-wrap [&_pre]:[overflow-wrap:anywhere]"
      />
    </div>
  );
}
