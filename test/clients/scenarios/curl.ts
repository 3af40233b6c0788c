/** curl, as the guide has it. */
import {
  HALO,
  MODEL,
  must,
  mustBeWeather,
  PIXEL,
  type Scenario,
  SLOW,
  type Surroundings,
  WEATHER_SCHEMA,
} from "./scenario.ts";

const client = "curl";

interface Said {
  status: number;
  body: string;
}

async function curl({ url, apiKey }: Surroundings, body: object, more: readonly string[] = []): Promise<Said> {
  const command = [
    ...["curl", "-sS", "-X", "POST", `${url}/api/v1/chat/completions`, "-w", "\n%{http_code}", ...more],
    ...["-H", `Authorization: Bearer ${apiKey}`, "-H", "Content-Type: application/json", "-d", "@-"],
  ];
  const input = new Blob([JSON.stringify({ model: MODEL, messages: [{ role: "user", content: HALO }], ...body })]);
  const running = Bun.spawn(command, { stdin: input, stdout: "pipe", stderr: "ignore" });
  const text = await new Response(running.stdout).text();
  await running.exited;
  const cut = text.lastIndexOf("\n");
  return { status: Number(text.slice(cut + 1)), body: text.slice(0, cut) };
}

async function messageOf(around: Surroundings, body: object) {
  const { status, body: text } = await curl(around, body);
  must(status === 200, `the answer is good, not ${status}`);
  return JSON.parse(text).choices[0].message;
}

export const curlScenarios: readonly Scenario[] = [
  {
    client,
    operation: "whole",
    run: async (around) => must((await messageOf(around, {})).content.includes("sandbox"), "the answer has words"),
  },
  {
    client,
    operation: "streamed",
    run: async (around) => {
      const { body } = await curl(around, { stream: true }, ["-N"]);
      const events = body.split("\n\n").filter((event) => event !== "");
      must(
        events.every((event) => event.startsWith("data: ")),
        "every frame is data, with no comment among them",
      );
      must(events.filter((event) => event === "data: [DONE]").length === 1, "the end comes once");
      must(JSON.parse(events[0]?.slice(6) ?? "{}").choices[0].delta.role === "assistant", "the role comes first");
    },
  },
  {
    client,
    operation: "tools",
    run: async (around) => {
      const tools = [{ type: "function", function: { name: "weather", parameters: WEATHER_SCHEMA } }];
      const message = await messageOf(around, { tools, tool_choice: "required" });
      mustBeWeather(message.tool_calls[0].function.arguments);
    },
  },
  {
    client,
    operation: "structured output",
    run: async (around) => {
      const json_schema = { name: "weather", strict: true, schema: WEATHER_SCHEMA };
      mustBeWeather((await messageOf(around, { response_format: { type: "json_schema", json_schema } })).content);
    },
  },
  {
    client,
    operation: "image",
    run: async (around) => {
      const image = { type: "image_url", image_url: { url: `data:image/png;base64,${PIXEL}` } };
      const content = [{ type: "text", text: "What is this?" }, image];
      must(
        /image/i.test((await messageOf(around, { messages: [{ role: "user", content }] })).content),
        "the picture was seen",
      );
    },
  },
  {
    client,
    operation: "errors",
    run: async (around) => {
      const refused = await curl(around, { model: "nobody/knows-this" });
      must(refused.status === 400 && JSON.parse(refused.body).error.code === 400, "an unknown model is a 400");
      must((await curl({ ...around, apiKey: "gpr_wrong" }, {})).status === 401, "a wrong key is a 401");
      must((await curl(around, { sandbox: { status: 429 } })).status === 429, "a rate limit is a 429");
    },
  },
  {
    client,
    operation: "abort",
    run: async (around) => {
      await curl(around, { stream: true, messages: [{ role: "user", content: SLOW }] }, ["-N", "--max-time", "0.5"]);
      await around.sawClientLeave("");
    },
  },
];
