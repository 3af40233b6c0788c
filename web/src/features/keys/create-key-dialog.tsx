import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CreatedKey } from "../../../../src/contract/schemas/keys.ts";
import { Button } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { apiBaseUrl, useInstance } from "../instance/instance.ts";
import { CreateKeyForm } from "./create-key-form.tsx";
import { FirstRequest } from "./first-request.tsx";
import { KeyExamples } from "./key-examples.tsx";
import { useCreateKey } from "./key-queries.ts";
import { managementSnippet } from "./snippets.ts";

/** Asks for a description, makes the key, and shows it this once. */
export function CreateKeyDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const create = useCreateKey();
  const [isCopied, setCopied] = useState(false);
  const [asksToClose, setAsksToClose] = useState(false);

  function close(): void {
    if (create.data && !isCopied && !asksToClose) {
      setAsksToClose(true);
      return;
    }
    onClose();
    create.reset();
    setCopied(false);
    setAsksToClose(false);
  }

  return (
    <Dialog
      isOpen={isOpen}
      onClose={close}
      closesOnOutsideClick={create.data === undefined}
      title={create.data ? t("keys.createdTitle") : t("keys.createTitle")}
      {...(create.data ? { className: "max-w-2xl" } : { description: t("keys.createText") })}
    >
      {create.data ? (
        <>
          <CreatedKeyView created={create.data} onCopied={() => setCopied(true)} />
          <div className="mt-6 flex flex-wrap items-center justify-end gap-2">
            {asksToClose && !isCopied ? (
              <>
                <p role="alert" className="mr-auto text-sm font-semibold text-bad">
                  {t("keys.doneUncopied")}
                </p>
                <Button onClick={() => setAsksToClose(false)}>{t("keys.keepOpen")}</Button>
                <Button look="danger" onClick={close}>
                  {t("keys.closeAnyway")}
                </Button>
              </>
            ) : (
              <Button look="primary" onClick={close}>
                {t("keys.done")}
              </Button>
            )}
          </div>
        </>
      ) : (
        <CreateKeyForm
          isBusy={create.isPending}
          error={create.error}
          onSubmit={(key) => create.mutate(key)}
          onCancel={close}
        />
      )}
    </Dialog>
  );
}

function CreatedKeyView({ created, onCopied }: { created: CreatedKey; onCopied: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="space-y-5">
      <Notice tone="warn" title={t("keys.createdWarningTitle")}>
        {t("keys.createdWarning")}
      </Notice>
      <div>
        <p className="mb-1.5 text-sm font-semibold break-words">{created.key.name}</p>
        <div className="flex flex-wrap items-center gap-3 rounded-lg border-2 border-brand bg-brand-soft p-3">
          <code className="min-w-0 flex-1 basis-64 font-mono text-sm font-semibold break-all select-all">
            {created.secret}
          </code>
          <CopyButton text={created.secret} label={t("keys.copyKey")} look="primary" onCopied={onCopied} />
        </div>
      </div>
      {created.key.kind === "management" ? (
        <ManagementExample secret={created.secret} onCopied={onCopied} />
      ) : (
        <>
          <div>
            <h3 className="mb-2 text-base font-bold">{t("keys.tryTitle")}</h3>
            <KeyExamples apiKey={created.secret} onKeyCopied={onCopied} />
          </div>
          <FirstRequest keyId={created.key.id} />
        </>
      )}
    </div>
  );
}

function ManagementExample({ secret, onCopied }: { secret: string; onCopied: () => void }) {
  const { t } = useTranslation();
  const code = managementSnippet({ apiBaseUrl: apiBaseUrl(useInstance()), key: secret });
  return (
    <div>
      <h3 className="mb-2 text-base font-bold">{t("keys.administerTitle")}</h3>
      <p className="mb-2 text-sm text-muted">{t("keys.administerText")}</p>
      <CodeBlock code={code} copyLabel={t("keys.copySnippet")} onCopied={onCopied} />
    </div>
  );
}
