/** What the Playground's page holds: who pays, who answers, how, and what was said. */
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ApiKeyRow } from "../../../../src/contract/schemas/keys.ts";
import { randomId } from "../../lib/random-id.ts";
import { toasts } from "../../ui/toasts.tsx";
import { useAccount } from "../account/session.ts";
import { compareText } from "../models/models-search.ts";
import { type Attachment, EMPTY_SETTINGS, type Settings, settingProblems, type Turn } from "./conversation.ts";
import { begunWith, keepDraft, keptDraft } from "./draft.ts";
import { type KeptConversation, keepConversation, keptConversations } from "./history.ts";
import { modelsOf, type PlaygroundSearch } from "./playground-search.ts";
import { useConversation } from "./use-conversation.ts";
import { useReplay } from "./use-replay.ts";

const route = getRouteApi("/shell/playground");

export type Playground = ReturnType<typeof usePlayground>;

export function usePlayground(keys: readonly ApiKeyRow[]) {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { id: accountId } = useAccount();
  const [restored] = useState(() => keptConversations(accountId).find((kept) => kept.id === search.chat));
  const [begun] = useState(() => begunWith(keptDraft(accountId), restored));
  const [id, setId] = useState(() => restored?.id ?? randomId());
  const [settings, setSettings] = useState<Settings>({ ...EMPTY_SETTINGS, ...begun.settings });
  const [former, setFormer] = useState(compareText(begun.models ?? []));
  const named = search.models ?? former;
  const models = modelsOf({ models: named });
  const keyId = keys.find((key) => key.id === search.key)?.id ?? keys[0]?.id ?? "";
  const asked = { keyId, models, settings };
  const problems = settingProblems(settings);
  const keep = (turns: readonly Turn[]) =>
    keepConversation(accountId, { id, savedAt: Date.now(), models, settings, turns });
  useEffect(
    () => keepDraft(accountId, { id, models: modelsOf({ models: named }), settings }),
    [accountId, id, named, settings],
  );
  const conversation = useConversation(keep, restored?.turns);
  const show = (change: PlaygroundSearch) =>
    void navigate({ to: "/playground", search: { ...search, ...change }, replace: true, resetScroll: false });
  useReplay(search.replay, ({ system, turns, model }) => {
    setSettings({ ...EMPTY_SETTINGS, system });
    conversation.show(turns);
    show({ replay: undefined, models: model });
  });
  /** Whether a request can be made; else the person is told what is missing. */
  const isReady = (): boolean => {
    if (models.length > 0 && Object.keys(problems).length === 0) return true;
    toasts.add({ title: t(models.length === 0 ? "playground.chooseModel" : "playground.mendSettings"), type: "bad" });
    return false;
  };
  return {
    ...{ accountId, keyId, models, settings, problems, asked, conversation, isReady },
    changeSettings: (change: Partial<Settings>) => setSettings({ ...settings, ...change }),
    chooseKey: (key: string) => show({ key }),
    chooseModels: (chosen: readonly string[]) => {
      setFormer(undefined);
      show({ models: compareText(chosen) });
    },
    say: (said: { text: string; attachments: readonly Attachment[] }): boolean => {
      if (!isReady()) return false;
      conversation.say(said, asked);
      show({ chat: id });
      return true;
    },
    /** Begins anew, or goes on with what was kept. */
    begin: (kept?: KeptConversation) => {
      setId(kept?.id ?? randomId());
      if (kept) setSettings({ ...EMPTY_SETTINGS, ...kept.settings });
      conversation.show(kept?.turns ?? []);
      show({ replay: undefined, chat: kept?.id, ...(kept ? { models: compareText(kept.models) } : {}) });
    },
  };
}
