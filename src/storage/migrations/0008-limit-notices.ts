import type { Migration } from "kysely";

/** Who was told of which limit, who wants to be told at all, and the way to the limits whose window is running. */
export function limitNotices(): Migration {
  return {
    up: async (db) => {
      await db.schema
        .createTable("limit_notice")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("user_id", "text", (column) => column.notNull())
        .addColumn("limit_id", "text", (column) => column.notNull())
        .addColumn("limit_nano", "bigint", (column) => column.notNull())
        .addColumn("mark", "bigint", (column) => column.notNull())
        .addColumn("spent_nano", "bigint", (column) => column.notNull())
        .addColumn("ends_at", "bigint")
        .addColumn("created_at", "bigint", (column) => column.notNull())
        .addColumn("by_mail", "bigint", (column) => column.notNull())
        .addColumn("mailed_at", "bigint")
        .addColumn("dismissed_at", "bigint")
        .addUniqueConstraint("limit_notice_once", ["limit_id", "mark", "limit_nano", "user_id"])
        .execute();
      await db.schema.createIndex("limit_notice_user").on("limit_notice").columns(["user_id", "created_at"]).execute();
      await db.schema
        .createIndex("limit_notice_unmailed")
        .on("limit_notice")
        .columns(["by_mail", "mailed_at"])
        .execute();
      await db.schema
        .createTable("notice_setting")
        .addColumn("user_id", "text", (column) => column.primaryKey())
        .addColumn("mail", "bigint", (column) => column.notNull())
        .addColumn("dashboard", "bigint", (column) => column.notNull())
        .addColumn("forecast", "bigint", (column) => column.notNull())
        .execute();
      await db.schema.createIndex("spend_limit_window").on("spend_limit").columns(["reset", "first_day"]).execute();
    },
  };
}
