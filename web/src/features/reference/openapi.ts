/** Reads the OpenAPI document into what the page shows. Tolerant: what it does not understand, it leaves out. */
import { arrayField, isJsonObject, type JsonObject, objectField, stringField } from "../../../../src/kernel/json.ts";

export interface ApiParameter {
  name: string;
  place: "path" | "query";
  isRequired: boolean;
  schema: JsonObject;
}

export interface ApiAnswer {
  /** "200", or "default" for every error. */
  status: string;
  /** Media type. */
  type: string;
  schema: JsonObject;
}

export type ApiAccess = "key" | "management" | "session" | "public";

export interface ApiOperation {
  id: string;
  /** In capitals. */
  method: string;
  path: string;
  summary: string;
  isForPrograms: boolean;
  access: ApiAccess;
  parameters: ApiParameter[];
  body: JsonObject | null;
  answers: ApiAnswer[];
}

/** All operations in the document's order, except that the most wanted one comes first. */
export function readOperations(document: JsonObject): ApiOperation[] {
  const operations = Object.entries(objectField(document, "paths") ?? {}).flatMap(([path, item]) =>
    isJsonObject(item)
      ? Object.entries(item).flatMap(([method, operation]) =>
          isJsonObject(operation) ? [readOperation(path, method, operation)] : [],
        )
      : [],
  );
  const isWanted = (operation: ApiOperation) => Number(operation.id === "createChatCompletion");
  return operations.sort((a, b) => isWanted(b) - isWanted(a));
}

function readOperation(path: string, method: string, operation: JsonObject): ApiOperation {
  return {
    id: stringField(operation, "operationId") ?? `${method} ${path}`,
    method: method.toUpperCase(),
    path,
    summary: stringField(operation, "summary") ?? "",
    isForPrograms: arrayField(operation, "tags").includes("API"),
    access: readAccess(operation),
    parameters: arrayField(operation, "parameters").filter(isJsonObject).map(readParameter),
    body: jsonSchemaOf(objectField(operation, "requestBody")),
    answers: Object.entries(objectField(operation, "responses") ?? {}).flatMap(([status, answer]) =>
      isJsonObject(answer) ? readAnswers(status, answer) : [],
    ),
  };
}

function readAccess(operation: JsonObject): ApiAccess {
  const schemes = arrayField(operation, "security").filter(isJsonObject).flatMap(Object.keys);
  if (schemes.includes("apiKey")) return "key";
  if (schemes.includes("managementKey")) return "management";
  return schemes.includes("session") ? "session" : "public";
}

function readParameter(parameter: JsonObject): ApiParameter {
  return {
    name: stringField(parameter, "name") ?? "",
    place: stringField(parameter, "in") === "path" ? "path" : "query",
    isRequired: parameter.required === true,
    schema: objectField(parameter, "schema") ?? {},
  };
}

function readAnswers(status: string, answer: JsonObject): ApiAnswer[] {
  return Object.entries(objectField(answer, "content") ?? {}).flatMap(([type, media]) =>
    isJsonObject(media) ? [{ status, type, schema: objectField(media, "schema") ?? {} }] : [],
  );
}

function jsonSchemaOf(holder: JsonObject | undefined): JsonObject | null {
  const content = holder && objectField(holder, "content");
  const media = content && objectField(content, "application/json");
  return (media && objectField(media, "schema")) ?? null;
}

/** Follows a `$ref` into the document; any other schema is returned as it is. */
export function resolveSchema(schema: JsonObject, document: JsonObject): JsonObject {
  const reference = stringField(schema, "$ref");
  if (!reference?.startsWith("#/")) return schema;
  let found: JsonObject | undefined = document;
  for (const name of reference.slice(2).split("/")) found = found && objectField(found, name);
  return found ?? schema;
}
