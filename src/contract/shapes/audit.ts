/** The audit log for people and programs, and GitHub's reports of leaked keys. */
import { z } from "zod";
import * as audit from "../schemas/audit.ts";
import * as github from "../schemas/github-leaks.ts";
import type { RouteShapes } from "./route-shapes.ts";

export const auditShapes = {
  listAudit: {
    summary: "Who changed what, newest first: everything for the owner of the instance, else what concerns the account",
    status: 200,
    response: audit.auditPageSchema,
    query: audit.auditQuery,
  },
  exportAudit: {
    summary: "The same as CSV, oldest first",
    status: 200,
    response: z.string(),
    media: "text/csv",
    query: audit.auditExportQuery,
  },
  verifyAudit: {
    summary: "Check that the audit log is what was written",
    status: 200,
    response: audit.auditVerdictSchema,
  },
  listApiAudit: {
    summary: "Who changed what, newest first: everything for the owner of the instance, else what concerns the account",
    status: 200,
    response: audit.auditPageSchema,
    query: audit.auditQuery,
  },
  reportGithubLeaks: {
    summary: "Take the findings of GitHub's secret scanning, signed by GitHub",
    status: 200,
    response: github.githubLabelsSchema,
  },
} as const satisfies Record<string, RouteShapes>;
