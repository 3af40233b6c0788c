import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { forgetConversations, type KeptConversation, keptConversations } from "./history.ts";

interface HistorySheetProps {
  accountId: string;
  onOpen: (conversation: KeptConversation) => void;
  onClose: () => void;
}

/** Former conversations, which only this browser knows. */
export function HistorySheet({ accountId, onOpen, onClose }: HistorySheetProps) {
  const { t } = useTranslation();
  const [kept, setKept] = useState(() => keptConversations(accountId));
  return (
    <Sheet title={t("playground.history")} onClose={onClose}>
      <Notice tone="info" className="mb-4">
        {t("playground.historyText")}
      </Notice>
      {kept.length === 0 ? <p className="text-muted">{t("playground.noHistory")}</p> : null}
      <ul className="space-y-2">
        {kept.map((conversation) => {
          const title = conversation.turns[0]?.text.slice(0, 200) || t("playground.untitled");
          return (
            <li key={conversation.id} className="flex items-start gap-1 rounded-lg border border-line p-1">
              <button
                type="button"
                onClick={() => onOpen(conversation)}
                className="min-w-0 flex-1 rounded-md px-2.5 py-1.5 text-left hover:bg-sunken"
              >
                <span className="block truncate text-sm font-semibold">{title}</span>
                <span className="block truncate text-xs text-muted">
                  <TimeAgo timeMs={conversation.savedAt} /> · {conversation.models.join(", ")}
                </span>
              </button>
              <Button
                look="quiet"
                size="icon"
                aria-label={t("playground.forget", { title })}
                onClick={() => setKept(forgetConversations(accountId, conversation.id))}
              >
                <Trash2 aria-hidden />
              </Button>
            </li>
          );
        })}
      </ul>
      {kept.length === 0 ? null : (
        <Button className="mt-4" onClick={() => setKept(forgetConversations(accountId))}>
          {t("playground.forgetAll")}
        </Button>
      )}
    </Sheet>
  );
}
