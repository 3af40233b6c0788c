/** How the dashboard is bundled. `npm run build` calls it; `npm run dev:web` serves it beside a running gateway. */
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const gateway = process.env.GAPURA_URL ?? "http://localhost:8787";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  build: {
    outDir: "dist",
    target: "baseline-widely-available",
    // Everything is a file of its own: the content security policy is simplest that way.
    assetsInlineLimit: 0,
  },
  server: { proxy: { "/api": gateway, "/health": gateway } },
});
