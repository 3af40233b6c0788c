import { Code, History, Plus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ApiKeyRow } from "../../../../src/contract/schemas/keys.ts";
import type { CatalogModel } from "../../../../src/contract/schemas/models.ts";
import { useMediaQuery } from "../../lib/media-query.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { CallSamples } from "../snippets/call-samples.tsx";
import { Composer } from "./composer.tsx";
import { bodyOf, type Settings } from "./conversation.ts";
import { HistorySheet } from "./history-sheet.tsx";
import { SettingsPanel } from "./settings-panel.tsx";
import { SetupBar } from "./setup-bar.tsx";
import { TurnView } from "./turn-view.tsx";
import type { Conversation } from "./use-conversation.ts";
import { type Playground, usePlayground } from "./use-playground.ts";

interface PlaygroundTableProps {
  /** At least one. */
  keys: readonly ApiKeyRow[];
  catalogue: readonly CatalogModel[];
}

export function PlaygroundTable({ keys, catalogue }: PlaygroundTableProps) {
  const { t } = useTranslation();
  const isWide = useMediaQuery("(width >= 80rem)");
  const [isHistoryOpen, setHistoryOpen] = useState(false);
  const table = usePlayground(keys);
  const { models, keyId, settings, problems, conversation, isReady, begin } = table;
  const canReason = catalogue.some(
    ({ id, supported_parameters: fields }) => models.includes(id) && fields.includes("reasoning"),
  );
  const panel = (
    <SettingsPanel settings={settings} problems={problems} canReason={canReason} onChange={table.changeSettings} />
  );
  return (
    <>
      <PageHeader
        title={t("playground.title")}
        lead={t("playground.lead")}
        action={
          <div className="flex flex-wrap gap-2">
            <CodeButton model={models[0]} settings={settings} conversation={conversation} isReady={isReady} />
            <Button onClick={() => setHistoryOpen(true)}>
              <History aria-hidden />
              {t("playground.history")}
            </Button>
            <Button onClick={() => begin()}>
              <Plus aria-hidden />
              {t("playground.newChat")}
            </Button>
          </div>
        }
      />
      <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,1fr)_18rem]">
        <div className="flex min-w-0 flex-col gap-6 xl:min-h-[calc(100dvh-13rem)]">
          <SetupBar {...{ keys, keyId, catalogue, models }} onKey={table.chooseKey} onModels={table.chooseModels} />
          {isWide ? null : (
            <details
              className="rounded-card border border-line bg-surface px-5 py-3 shadow-card"
              open={Object.keys(problems).length > 0}
            >
              <summary className="rounded text-sm font-semibold">{t("playground.settings")}</summary>
              <div className="pt-4 pb-2">{panel}</div>
            </details>
          )}
          <Turns table={table} catalogue={catalogue} />
          <Composer isRunning={conversation.isRunning} onStop={conversation.stop} onSay={table.say} />
        </div>
        {isWide ? (
          <Card className="sticky top-6 max-h-[calc(100dvh-3rem)] overflow-y-auto p-5!">
            <h2 className="mb-4 font-bold">{t("playground.settings")}</h2>
            {panel}
          </Card>
        ) : null}
      </div>
      {isHistoryOpen ? (
        <HistorySheet
          accountId={table.accountId}
          onOpen={(kept) => {
            begin(kept);
            setHistoryOpen(false);
          }}
          onClose={() => setHistoryOpen(false)}
        />
      ) : null}
    </>
  );
}

interface TurnsProps extends Pick<PlaygroundTableProps, "catalogue"> {
  table: Playground;
}

function Turns({ table: { conversation, models, asked, isReady }, catalogue }: TurnsProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  const count = conversation.turns.length;
  // What was just said moves to the top, and the answers have the window below it.
  useEffect(() => {
    if (count > 0) list.current?.lastElementChild?.scrollIntoView({ block: "start" });
  }, [count]);
  if (conversation.turns.length === 0) {
    return (
      <p className="flex flex-1 items-center justify-center rounded-card border border-dashed border-edge/60 px-6 py-16 text-center text-muted text-pretty">
        {t("playground.empty")}
      </p>
    );
  }
  return (
    <ol ref={list} className="flex-1 space-y-8">
      {conversation.turns.map((turn, index) => (
        <TurnView
          key={turn.id}
          turn={turn}
          isLast={index === conversation.turns.length - 1}
          models={models}
          priceOf={(model) => catalogue.find(({ id }) => id === model)?.pricing.completion}
          onEdit={(text) => isReady() && conversation.edit({ turnId: turn.id, text }, asked)}
          onAgain={(model) => isReady() && conversation.again({ turnId: turn.id, model }, asked)}
          onResults={(model, results) =>
            isReady() && conversation.giveResults({ turnId: turn.id, model }, results, asked)
          }
        />
      ))}
    </ol>
  );
}

interface CodeButtonProps {
  model: string | undefined;
  settings: Settings;
  conversation: Pick<Conversation, "turns">;
  isReady: () => boolean;
}

/** The request that would be sent now, as code. */
function CodeButton({ model, settings, conversation, isReady }: CodeButtonProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(isReady())}>
        <Code aria-hidden />
        {t("playground.showCode")}
      </Button>
      <Dialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={t("playground.showCode")}
        description={t("playground.codeText")}
        className="max-w-3xl"
      >
        {isOpen && model !== undefined ? (
          <CallSamples body={bodyOf({ model, settings, turns: conversation.turns })} />
        ) : null}
      </Dialog>
    </>
  );
}
