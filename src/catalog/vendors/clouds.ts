/** The vendors that are connected with an account of a cloud instead of one API key. */
import { apiKeyField, baseUrlField, documentField, secretField, textField } from "./fields.ts";

export const googleVertex = {
  name: "Google Vertex",
  slug: "google-vertex",
  dataPolicy: { dataCollection: false },
  baseUrl: "https://{location}-aiplatform.googleapis.com/v1",
  elsewhere: {
    field: "location",
    addresses: {
      global: "https://aiplatform.googleapis.com/v1",
      us: "https://aiplatform.us.rep.googleapis.com/v1",
      eu: "https://aiplatform.eu.rep.googleapis.com/v1",
    },
  },
  keyPageUrl: "https://console.cloud.google.com/iam-admin/serviceaccounts",
  authors: ["google"],
  fields: [
    textField("project", {
      label: { en: "Project ID", id: "ID proyek" },
      isRequired: true,
      variable: "GOOGLE_VERTEX_PROJECT",
      example: "my-project-123456",
      help: null,
    }),
    textField("location", {
      label: { en: "Location", id: "Lokasi" },
      isRequired: true,
      variable: "GOOGLE_VERTEX_LOCATION",
      example: "asia-southeast2",
      help: {
        en: "A region, or us, eu or global, which has every model.",
        id: "Sebuah region, atau us, eu, atau global, yang memiliki semua model.",
      },
    }),
    documentField("serviceAccount", {
      label: { en: "Service account key (JSON)", id: "Kunci akun layanan (JSON)" },
      isRequired: true,
      variable: "GOOGLE_APPLICATION_CREDENTIALS_JSON",
      sharedFileVariable: "GOOGLE_APPLICATION_CREDENTIALS",
      example: '{"type":"service_account","client_email":"gapura@example.com",…}',
      help: {
        en: "The whole key file of a service account with the role Vertex AI User.",
        id: "Seluruh isi berkas kunci akun layanan yang memiliki peran Vertex AI User.",
      },
    }),
    baseUrlField("GOOGLE_VERTEX_BASE_URL"),
  ],
} as const;

export const amazonBedrock = {
  name: "Amazon Bedrock",
  slug: "amazon-bedrock",
  dataPolicy: { dataCollection: false },
  baseUrl: "https://bedrock-runtime.{region}.amazonaws.com",
  keyPageUrl: "https://console.aws.amazon.com/bedrock/home#/api-keys",
  authors: null,
  fields: [
    textField("region", {
      label: { en: "Region", id: "Region" },
      isRequired: true,
      variable: "BEDROCK_REGION",
      example: "ap-southeast-3",
      help: null,
    }),
    apiKeyField("AWS_BEARER_TOKEN_BEDROCK", {
      label: { en: "Bedrock API key", id: "API key Bedrock" },
      isRequired: false,
      example: "ABSK…",
      help: { en: "Instead of an access key.", id: "Sebagai ganti access key." },
    }),
    secretField("accessKeyId", {
      label: { en: "Access key ID", id: "Access key ID" },
      isRequired: false,
      variable: "BEDROCK_ACCESS_KEY_ID",
      sharedVariable: "AWS_ACCESS_KEY_ID",
      example: "AKIA…",
      help: null,
    }),
    secretField("secretAccessKey", {
      label: { en: "Secret access key", id: "Secret access key" },
      isRequired: false,
      variable: "BEDROCK_SECRET_ACCESS_KEY",
      sharedVariable: "AWS_SECRET_ACCESS_KEY",
      example: "…",
      help: null,
    }),
    secretField("sessionToken", {
      label: { en: "Session token", id: "Session token" },
      isRequired: false,
      variable: "BEDROCK_SESSION_TOKEN",
      sharedVariable: "AWS_SESSION_TOKEN",
      example: "…",
      help: { en: "Only for temporary access keys.", id: "Hanya untuk access key sementara." },
    }),
    baseUrlField("BEDROCK_BASE_URL"),
  ],
  oneOf: [["accessKeyId", "secretAccessKey"], ["apiKey"]],
} as const;

export const azureOpenAi = {
  name: "Azure OpenAI",
  slug: "azure",
  dataPolicy: { dataCollection: false },
  baseUrl: null,
  keyPageUrl: "https://ai.azure.com/",
  authors: ["openai"],
  fields: [
    baseUrlField("AZURE_OPENAI_ENDPOINT", {
      label: { en: "Endpoint", id: "Endpoint" },
      isRequired: true,
      example: "https://my-resource.openai.azure.com",
    }),
    apiKeyField("AZURE_OPENAI_API_KEY", { example: "…" }),
    textField("deployments", {
      label: { en: "Deployments", id: "Deployment" },
      isRequired: false,
      variable: "AZURE_OPENAI_DEPLOYMENTS",
      example: "gpt-4o,my-mini",
      help: {
        en: "Names of your deployments, with commas between them. Without them the resource is asked for its models.",
        id: "Nama deployment Anda, dipisahkan koma. Jika dikosongkan, daftar model ditanyakan ke resource.",
      },
    }),
    textField("apiVersion", {
      label: { en: "API version", id: "Versi API" },
      isRequired: false,
      variable: "AZURE_OPENAI_API_VERSION",
      example: "2024-10-21",
      help: {
        en: "Only for resources without the v1 API.",
        id: "Hanya untuk resource yang tidak memiliki API v1.",
      },
    }),
  ],
} as const;
