import { useTranslation } from "react-i18next";
import type { CreatedKey } from "../../../../src/contract/schemas/keys.ts";
import { CodeBlock } from "../../ui/code-block.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { apiBaseUrl, useInstance } from "../instance/instance.ts";
import { CreateKeyForm } from "./create-key-form.tsx";
import { FirstRequest } from "./first-request.tsx";
import { KeyExamples } from "./key-examples.tsx";
import { useCreateKey } from "./key-queries.ts";
import { SecretShownOnce, ShownOnceButtons, useCopiedGuard } from "./shown-once.tsx";
import { managementSnippet } from "./snippets.ts";

/** Asks for a description, makes the key, and shows it this once. */
export function CreateKeyDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const create = useCreateKey();
  const { onCopied, ...guard } = useCopiedGuard(create.data !== undefined, () => {
    onClose();
    create.reset();
  });
  return (
    <Dialog
      isOpen={isOpen}
      onClose={guard.close}
      closesOnOutsideClick={create.data === undefined}
      title={create.data ? t("keys.createdTitle") : t("keys.createTitle")}
      {...(create.data ? { className: "max-w-2xl" } : { description: t("keys.createText") })}
    >
      {create.data ? (
        <>
          <CreatedKeyView created={create.data} onCopied={onCopied} />
          <ShownOnceButtons {...guard} />
        </>
      ) : (
        <CreateKeyForm
          isBusy={create.isPending}
          error={create.error}
          onSubmit={(key) => create.mutate(key)}
          onCancel={guard.close}
        />
      )}
    </Dialog>
  );
}

function CreatedKeyView({ created, onCopied }: { created: CreatedKey; onCopied: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="space-y-5">
      <SecretShownOnce name={created.key.name} secret={created.secret} onCopied={onCopied} />
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
