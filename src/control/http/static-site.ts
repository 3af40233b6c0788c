/**
 * The dashboard's files. They are read once, compressed once and kept in memory, so that no path from a request ever
 * reaches the file system. Pages that the browser router knows are all the same document.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

interface SiteFile {
  type: string;
  etag: string;
  cacheControl: string;
  plain: Uint8Array<ArrayBuffer>;
  gzip: Uint8Array<ArrayBuffer> | null;
  brotli: Uint8Array<ArrayBuffer> | null;
}

export interface StaticSite {
  /** The file or page for a path; null where there is none. */
  answer(request: Request, path: string): Promise<Response | null>;
}

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
};
const COMPRESSED = new Set([".html", ".js", ".css", ".json", ".svg", ".txt"]);
const FOREVER = "public, max-age=31536000, immutable";
const ASK_EACH_TIME = "no-cache";

/** Reads the built dashboard; with none there, every page says how to build it. */
export function createStaticSite(webDir: string): StaticSite {
  const files = readSite(webDir);
  return {
    answer: async (request, path) => {
      if (request.method !== "GET" && request.method !== "HEAD") return null;
      const file = files.get(path) ?? (isPage(path) ? files.get("/index.html") : undefined);
      if (file) return fileResponse(request, file);
      return files.size === 0 && isPage(path) ? unbuilt() : null;
    },
  };
}

/** A page of the browser router: a plain path without a file ending, or the page of a model, whose name may have dots. */
function isPage(path: string): boolean {
  return /^(?:\/[\w-]+)*\/?$/.test(path) || /^\/models(?:\/[\w.~:@%+-]+){1,3}$/.test(path);
}

function readSite(webDir: string): Map<string, SiteFile> {
  const files = new Map<string, SiteFile>();
  const visit = (relative: string): void => {
    const path = join(webDir, relative);
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const name = `${relative}/${entry.name}`;
      if (entry.isDirectory()) visit(name);
      else if (entry.isFile() && !entry.name.startsWith(".")) files.set(name, readSiteFile(join(webDir, name), name));
    }
  };
  visit("");
  return files;
}

function readSiteFile(path: string, name: string): SiteFile {
  const plain = new Uint8Array(readFileSync(path));
  const ending = extname(name);
  const compress = COMPRESSED.has(ending) && plain.length > 1024;
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
  return {
    type: TYPES[ending] ?? "application/octet-stream",
    etag: `"${createHash("sha256").update(plain).digest("base64url").slice(0, 22)}"`,
    cacheControl: name.startsWith("/assets/") ? FOREVER : ASK_EACH_TIME,
    plain,
    gzip: compress ? new Uint8Array(gzipSync(plain)) : null,
    brotli: compress ? new Uint8Array(brotliCompressSync(plain, quality)) : null,
  };
}

function fileResponse(request: Request, file: SiteFile): Response {
  const headers: Record<string, string> = {
    "content-type": file.type,
    "cache-control": file.cacheControl,
    etag: file.etag,
    vary: "accept-encoding",
  };
  if (request.headers.get("if-none-match") === file.etag) return new Response(null, { status: 304, headers });
  const accepted = request.headers.get("accept-encoding") ?? "";
  let body = file.plain;
  if (file.brotli && /\bbr\b/.test(accepted)) {
    body = file.brotli;
    headers["content-encoding"] = "br";
  } else if (file.gzip && /\bgzip\b/.test(accepted)) {
    body = file.gzip;
    headers["content-encoding"] = "gzip";
  }
  return new Response(request.method === "HEAD" ? null : body, { headers });
}

function unbuilt(): Response {
  const text = "The dashboard is not built. Run `npm run build` in the project folder and start Gapura again.\n";
  return new Response(text, { status: 503, headers: { "content-type": "text/plain; charset=utf-8" } });
}
