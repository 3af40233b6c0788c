/** Databases of their own on the PostgreSQL that the test run has started. */
import pg from "pg";

const VARIABLE = "GAPURA_TEST_POSTGRES_URL";

export interface PostgresDatabase {
  /** `postgres://…` of an empty database that nobody else uses. */
  url: string;
  /** Removes it, whoever is still connected. */
  drop(): Promise<void>;
}

/** Makes an empty database. Throws with what to do when no server was handed to the tests. */
export async function createPostgresDatabase(): Promise<PostgresDatabase> {
  const server = serverUrl();
  const name = `test_${Bun.randomUUIDv7("hex").replaceAll("-", "")}`;
  await run(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(server, `drop database if exists ${name} with (force)`) };
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

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
