/** The two databases that hold the same schema. */
export type Engine = "sqlite" | "postgres";
