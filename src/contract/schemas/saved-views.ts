/** Views of pages: what somebody wants to see again, under a name. */
import { z } from "zod";

/** The pages that have views. The same as in the dashboard, which does not load this. */
export const VIEW_PAGES = ["logs", "activity", "models", "keys", "alerts", "audit"] as const;
export type ViewPage = (typeof VIEW_PAGES)[number];

export const MOST_VIEW_NAME = 60;
const MOST_QUERY = 2_000;

const page = z.enum(VIEW_PAGES);

export const listViewsQuery = z.object({ page });

export const viewSchema = z.object({
  id: z.string(),
  page,
  name: z.string(),
  /** What stands behind the `?` of the page's address. The page drops what it does not know. */
  query: z.string(),
  /** Everybody who works in the account sees it. */
  shared: z.boolean(),
  /** The caller made it. */
  own: z.boolean(),
  /** Whether the caller may delete it. */
  removable: z.boolean(),
  /** The name of the person who made it. */
  madeBy: z.string(),
});
export type SavedViewRow = z.infer<typeof viewSchema>;

/** By name; the caller's own, and those that others in the account share. */
export const viewListSchema = z.object({ views: z.array(viewSchema) });

export const saveViewBody = z.strictObject({
  page,
  name: z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(MOST_VIEW_NAME, `must not be longer than ${MOST_VIEW_NAME} characters`)
    .regex(/^[^\p{Cc}]*$/u, "must not hold control characters"),
  query: z
    .string()
    .max(MOST_QUERY, `must not be longer than ${MOST_QUERY} characters`)
    .regex(/^[^\p{Cc}]*$/u, "must not hold control characters"),
  shared: z.boolean().default(false),
});
