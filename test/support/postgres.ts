/** Databases of their own on the PostgreSQL that the test run has started. */
import pg from "pg";

const VARIABLE = "GAPURA_TEST_POSTGRES_URL";

export interface PostgresDatabase {
  /** `postgres://…` of an empty database that nobody else uses. */
  url: string;
  /** Removes it, whoever is still connected. */
  drop(): Promise<void>;
}

/** Makes an empty database, or a copy of another. Throws with what to do when no server was handed to the tests. */
export async function createPostgresDatabase(template = "template1"): Promise<PostgresDatabase> {
  const name = `test_${Bun.randomUUIDv7("hex").replaceAll("-", "")}`;
  await postgresStatement(`create database ${name} template ${template}`);
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => void (await postgresStatement(`drop database if exists ${name} with (force)`)),
  };
}

/** Runs one statement as the user who may create databases. */
export async function postgresStatement(text: string, values: readonly unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    return await client.query(text, [...values]);
  } finally {
    await client.end();
  }
}

function serverUrl(): string {
  const url = process.env[VARIABLE];
  if (url === undefined || url === "") {
    throw new Error(
      `This test needs PostgreSQL. Run it with "npm test -- <path>", which starts one, or set ${VARIABLE} to the URL ` +
        "of a server where databases may be created, for example postgres://postgres@localhost:5432/postgres.",
    );
  }
  return url;
}
