import { Paperclip, Send, Square, X } from "lucide-react";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { inputStyle } from "../../ui/text-field.tsx";
import { toasts } from "../../ui/toasts.tsx";
import { attached, MOST_ATTACHMENTS } from "./attach.ts";
import type { Attachment } from "./conversation.ts";
import { AttachmentList } from "./turn-view.tsx";

interface ComposerProps {
  isRunning: boolean;
  /** True when it was said, false when something has to be mended before. */
  onSay: (said: { text: string; attachments: readonly Attachment[] }) => boolean;
  onStop: () => void;
}

/** Where one writes. Ctrl and Enter send. */
export function Composer({ isRunning, onSay, onStop }: ComposerProps) {
  const { t } = useTranslation();
  const id = useId();
  const chooser = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [attachments, setAttachments] = useState<readonly Attachment[]>([]);
  const say = () => {
    if (isRunning || (text.trim() === "" && attachments.length === 0)) return;
    if (!onSay({ text, attachments })) return;
    setText("");
    setAttachments([]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    say();
  };
  const attach = async (files: readonly File[]) => {
    const added = await attached(files, attachments);
    if (added === null) toasts.add({ title: t("playground.tooMuch", { count: MOST_ATTACHMENTS }), type: "bad" });
    else setAttachments([...attachments, ...added]);
  };
  return (
    <div className="sticky bottom-16 z-20 rounded-card border border-line bg-surface p-3 shadow-float lg:bottom-4">
      {attachments.length === 0 ? null : (
        <div className="mb-3 flex items-start justify-between gap-3">
          <AttachmentList attachments={attachments} />
          <Button look="quiet" size="icon" aria-label={t("playground.detach")} onClick={() => setAttachments([])}>
            <X aria-hidden />
          </Button>
        </div>
      )}
      <label htmlFor={id} className="sr-only">
        {t("playground.message")}
      </label>
      <textarea
        id={id}
        rows={2}
        value={text}
        placeholder={t("playground.message")}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={onKeyDown}
        className={`${inputStyle} block max-h-60 resize-y py-2 text-sm [field-sizing:content]`}
      />
      <div className="mt-2 flex items-center justify-between gap-3">
        <span className="flex items-center gap-2">
          <input
            ref={chooser}
            type="file"
            multiple
            hidden
            aria-label={t("playground.attach")}
            onChange={({ target }) => {
              void attach([...(target.files ?? [])]);
              target.value = "";
            }}
          />
          <Button look="quiet" size="icon" aria-label={t("playground.attach")} onClick={() => chooser.current?.click()}>
            <Paperclip aria-hidden />
          </Button>
          <span className="text-xs text-muted max-sm:hidden">{t("playground.sendHint")}</span>
        </span>
        {isRunning ? (
          <Button onClick={onStop}>
            <Square aria-hidden />
            {t("playground.stop")}
          </Button>
        ) : (
          <Button look="primary" onClick={say}>
            <Send aria-hidden />
            {t("playground.send")}
          </Button>
        )}
      </div>
    </div>
  );
}
