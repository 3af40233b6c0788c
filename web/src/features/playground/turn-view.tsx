import { FileText, Pencil } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { classNames } from "../../lib/class-names.ts";
import { Button } from "../../ui/button.tsx";
import { TextArea } from "../../ui/text-area.tsx";
import type { Attachment, Turn } from "./conversation.ts";
import { ReplyView } from "./reply-view.tsx";

interface TurnViewProps {
  turn: Turn;
  isLast: boolean;
  models: readonly string[];
  /** Dollars for a token of a model's answer. */
  priceOf: (model: string) => string | undefined;
  onEdit: (text: string) => void;
  onAgain: (model: string) => void;
  onResults: (model: string, results: readonly string[]) => void;
}

const COLUMNS = ["", "", "md:grid-cols-2", "md:grid-cols-2 xl:grid-cols-3", "md:grid-cols-2"];

/** What was said, and below it the answers side by side. */
export function TurnView({ turn, isLast, models, priceOf, onEdit, onAgain, onResults }: TurnViewProps) {
  const { t } = useTranslation();
  const shown = [...new Set([...Object.keys(turn.replies), ...(isLast ? models : [])])];
  return (
    <li className="scroll-mt-20 space-y-4 lg:scroll-mt-6">
      <Said turn={turn} onEdit={onEdit} />
      <div className={classNames("grid gap-4", COLUMNS[Math.min(shown.length, COLUMNS.length - 1)])}>
        {shown.map((model) => {
          const replies = turn.replies[model] ?? [];
          return (
            <article
              key={model}
              className="min-w-0 space-y-4 rounded-card border border-line bg-surface p-4 shadow-card"
            >
              <h3 className="font-mono text-xs font-semibold text-muted [overflow-wrap:anywhere]">{model}</h3>
              {replies.length > 0 ? null : (
                <Button look="primary" size="small" onClick={() => onAgain(model)}>
                  {t("playground.answer")}
                </Button>
              )}
              {replies.map((reply, index) => (
                <ReplyView
                  // biome-ignore lint/suspicious/noArrayIndexKey: answers only ever come behind one another
                  key={index}
                  reply={reply}
                  tokenPrice={priceOf(model)}
                  isLast={isLast && index === replies.length - 1}
                  onAgain={() => onAgain(model)}
                  onResults={(results) => onResults(model, results)}
                />
              ))}
            </article>
          );
        })}
      </div>
    </li>
  );
}

function Said({ turn, onEdit }: { turn: Turn; onEdit: (text: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState<string | null>(null);
  if (text !== null) {
    return (
      <div className="ml-auto w-full max-w-2xl space-y-3">
        <TextArea label={t("playground.edit")} value={text} onChange={({ target }) => setText(target.value)} />
        <div className="flex justify-end gap-2">
          <Button size="small" onClick={() => setText(null)}>
            {t("common.cancel")}
          </Button>
          <Button
            size="small"
            look="primary"
            onClick={() => {
              setText(null);
              onEdit(text);
            }}
          >
            {t("playground.sendAgain")}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className="ml-auto flex w-fit max-w-2xl items-start gap-1">
      <Button look="quiet" size="icon" aria-label={t("playground.edit")} onClick={() => setText(turn.text)}>
        <Pencil aria-hidden />
      </Button>
      <div className="min-w-0 space-y-2 rounded-2xl rounded-tr-sm bg-brand-soft px-4 py-2.5">
        {turn.text === "" ? null : <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{turn.text}</p>}
        <AttachmentList attachments={turn.attachments} />
      </div>
    </div>
  );
}

export function AttachmentList({ attachments }: { attachments: readonly Attachment[] }) {
  if (attachments.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-2">
      {attachments.map(({ name, isImage, dataUrl }) => (
        <li key={`${name} ${dataUrl.length}`}>
          {isImage ? (
            <img src={dataUrl} alt={name} className="h-20 rounded-lg border border-line object-cover" />
          ) : (
            <span className="flex items-center gap-1.5 rounded-lg border border-line bg-surface px-2.5 py-1.5 text-xs">
              <FileText aria-hidden className="size-4" />
              {name}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
