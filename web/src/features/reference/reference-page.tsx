import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { FileJson } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { operations as contract } from "../../../../src/contract/operations.ts";
import { isJsonObject, type JsonObject } from "../../../../src/kernel/json.ts";
import { call } from "../../lib/api.ts";
import { ApiError } from "../../lib/api-error.ts";
import { buttonStyle } from "../../ui/button.tsx";
import { Logo } from "../../ui/logo.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { PreferencesMenu } from "../../ui/preferences-menu.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { SkipLink } from "../../ui/skip-link.tsx";
import { EmptyState, ErrorState, LoadingRows } from "../../ui/states.tsx";
import { useIsSignedIn } from "../account/session.ts";
import { ShellFrame } from "../shell/shell.tsx";
import { type ApiOperation, readOperations } from "./openapi.ts";
import { OperationView, summaryOf } from "./operation-view.tsx";

/** Open to everybody; who is signed in keeps the menu. */
export function ReferencePage() {
  const isSignedIn = useIsSignedIn();
  const Frame = isSignedIn ? ShellFrame : PublicFrame;
  return (
    <Frame>
      <Reference />
    </Frame>
  );
}

function PublicFrame({ children }: { children: ReactNode }) {
  return (
    <div className="mx-auto max-w-5xl px-4 pb-16 sm:px-8">
      <SkipLink />
      <header className="flex items-center justify-between py-4">
        <Link to="/" className="rounded-md">
          <Logo />
        </Link>
        <PreferencesMenu />
      </header>
      <main id="content" className="pt-4">
        {children}
      </main>
    </div>
  );
}

async function readDocument(signal: AbortSignal): Promise<JsonObject> {
  const document: unknown = await call("openApi", { signal });
  if (!isJsonObject(document)) throw new ApiError({ code: "unreadable", status: 200, message: "Not a JSON object." });
  return document;
}

function Reference() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["openapi"],
    queryFn: ({ signal }) => readDocument(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <>
      <PageHeader
        title={t("reference.title")}
        lead={t("reference.lead")}
        action={
          <a href={contract.openApi.path} className={buttonStyle()}>
            <FileJson aria-hidden />
            {t("reference.download")}
          </a>
        }
      />
      {isPending ? <LoadingRows rows={8} /> : null}
      {!isPending && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data ? <Operations document={data} /> : null}
    </>
  );
}

function Operations({ document }: { document: JsonObject }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const all = readOperations(document);
  const matches = (operation: ApiOperation) =>
    `${operation.path} ${summaryOf(operation, t)}`.toLowerCase().includes(query.toLowerCase());
  const found = all.filter(matches);
  return (
    <>
      <SearchField label={t("reference.search")} onSearch={setQuery} className="mb-6 max-w-md" />
      {found.length === 0 ? (
        <EmptyState title={t("reference.noneFound", { query })} text={t("reference.noneFoundText")} />
      ) : null}
      <Group
        title={t("reference.groupApi")}
        text={t("reference.groupApiText")}
        operations={found.filter((operation) => operation.isForPrograms)}
        document={document}
      />
      <Group
        title={t("reference.groupDashboard")}
        text={t("reference.groupDashboardText")}
        operations={found.filter((operation) => !operation.isForPrograms)}
        document={document}
      />
    </>
  );
}

interface GroupProps {
  title: string;
  text: string;
  operations: readonly ApiOperation[];
  document: JsonObject;
}

function Group({ title, text, operations, document }: GroupProps) {
  const { hash } = useLocation();
  if (operations.length === 0) return null;
  return (
    <section className="mb-10">
      <h2 className="text-xl font-bold">{title}</h2>
      <p className="mt-1 mb-4 text-muted">{text}</p>
      <div className="space-y-2.5">
        {operations.map((operation) => (
          <OperationView
            key={operation.id}
            operation={operation}
            document={document}
            isOpen={hash === operation.id || (hash === "" && operation.id === "createChatCompletion")}
          />
        ))}
      </div>
    </section>
  );
}
