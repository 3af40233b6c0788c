/** The OpenAPI 3.1 document, printed from the contract: what is served is what is described. */
import { z } from "zod";
import { type Access, aliasPath, type OperationId, operations } from "../../contract/operations.ts";
import { routeOf } from "../../contract/routes.ts";
import { errorSchema } from "../../contract/schemas/common.ts";
import type { RouteShapes } from "../../contract/shapes/route-shapes.ts";

const SECURITY: Record<Access, { [scheme: string]: string[] }[]> = {
  public: [],
  loopback: [],
  session: [{ session: [] }],
  owner: [{ session: [] }],
  key: [{ apiKey: [] }],
  anyKey: [{ apiKey: [] }, { managementKey: [] }],
  management: [{ managementKey: [] }],
  ownersKey: [{ managementKey: [] }],
  code: [],
};

export function openApiDocument(instance: { version: string; baseUrl: string }) {
  const paths: Record<string, Record<string, object>> = {};
  for (const id of Object.keys(operations).filter(isOperation)) {
    const { path, method } = operations[id];
    paths[path] = { ...paths[path], [method]: describe(id) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Gapura",
      version: instance.version,
      description: "One OpenAI-compatible URL for many providers. Paths under /api/v1 also answer under /v1.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: instance.baseUrl }],
    tags: [
      { name: "API", description: "For programs, with an API key" },
      { name: "Dashboard", description: "For the website, with a session" },
    ],
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "A key from the API Keys page: gpr_…" },
        managementKey: { type: "http", scheme: "bearer", description: "A management key: gprm_…" },
        session: { type: "apiKey", in: "cookie", name: "gapura_session" },
      },
      schemas: { Error: jsonSchema(errorSchema) },
    },
  };
}

function isOperation(id: string): id is OperationId {
  return id in operations;
}

function describe(id: OperationId): object {
  const route: RouteShapes = routeOf(id);
  const { path, access } = operations[id];
  const alias = aliasPath(path);
  return {
    operationId: id,
    summary: route.summary,
    ...(alias === undefined ? {} : { description: `Also answers at ${alias}.` }),
    tags: [path.startsWith("/api/v1/") ? "API" : "Dashboard"],
    security: SECURITY[access],
    parameters: [...parameters(route.params, "path"), ...parameters(route.query, "query")],
    ...(route.body
      ? { requestBody: { required: true, content: { "application/json": { schema: jsonSchema(route.body) } } } }
      : {}),
    responses: {
      [route.status]: { description: "Success", content: answerContent(route, jsonSchema(route.response)) },
      default: {
        description: "An error; its message says what to do",
        content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
      },
    },
  };
}

function answerContent({ stream, media = "application/json" }: RouteShapes, schema: object): object {
  const json = { [media]: { schema } };
  if (stream === undefined) return json;
  const description = `With "stream": true: ${stream}`;
  return { ...json, "text/event-stream": { schema: { type: "string", description } } };
}

function parameters(schema: z.ZodObject | undefined, place: "path" | "query"): object[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema: property,
  }));
}

function jsonSchema(schema: z.ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest;
}
