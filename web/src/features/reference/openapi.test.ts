import { describe, expect, test } from "bun:test";
import { curlExample } from "./example.ts";
import { readOperations } from "./openapi.ts";
import { shapeOf } from "./schema-shape.ts";

const DOCUMENT = {
  paths: {
    "/api/dashboard/keys/{id}": {
      patch: {
        operationId: "updateKey",
        summary: "Change a key",
        tags: ["Dashboard"],
        security: [{ session: [] }],
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
        requestBody: {
          content: {
            "application/json": {
              schema: {
                type: "object",
                properties: { name: { type: "string" }, disabled: { type: "boolean" } },
                required: ["name"],
              },
            },
          },
        },
        responses: { default: { content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } } } },
      },
    },
    "/api/v1/chat/completions": {
      post: { operationId: "createChatCompletion", tags: ["API"], security: [{ apiKey: [] }] },
    },
  },
  components: { schemas: { Error: { type: "object", properties: { message: { type: "string" } } } } },
};

describe("the API reference", () => {
  const [chat, update] = readOperations(DOCUMENT);

  test("begins with what most readers came for", () => {
    expect(chat?.id).toBe("createChatCompletion");
    expect(chat?.access).toBe("key");
  });

  test("gives an example that can be pasted, with blanks for what only the reader knows", () => {
    expect(update && curlExample(update, DOCUMENT, "http://localhost:8787")).toBe(
      `curl -X PATCH "http://localhost:8787/api/dashboard/keys/<id>" \\
-H "Cookie: gapura_session=<session>" \\
-H "Content-Type: application/json" \\
-d '{
  "name": "<name>"
}'`,
    );
  });

  test("follows references into the document", () => {
    const [answer] = update?.answers ?? [];
    expect(shapeOf(answer?.schema ?? {}, DOCUMENT).fields.map((field) => field.name)).toEqual(["message"]);
  });

  test("shows lists, choices and what may be null for what they are", () => {
    const nullable = shapeOf({ anyOf: [{ type: "string" }, { type: "null" }] }, DOCUMENT);
    expect(nullable).toMatchObject({ type: "string", isNullable: true });
    const list = shapeOf({ type: "array", items: { type: "string", enum: ["a", "b"] } }, DOCUMENT);
    expect(list).toMatchObject({ isList: true, values: ['"a"', '"b"'] });
  });

  test("survives a schema that contains itself", () => {
    const document = {
      components: {
        schemas: { Tree: { type: "object", properties: { child: { $ref: "#/components/schemas/Tree" } } } },
      },
    };
    expect(shapeOf({ $ref: "#/components/schemas/Tree" }, document).fields).toHaveLength(1);
  });
});
