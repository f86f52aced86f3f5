// Build the desk's page: `node build-desk.mjs [FOLDER]` writes desk.js. The same sources, the same bytes.

import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2] ?? join(here, "../src/silent_courier/desk/app/static"));

await build({
  absWorkingDir: here,
  entryPoints: { desk: "src/desk/desk.tsx" },
  outdir: target,
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "iife",
  jsx: "automatic",
  jsxImportSource: "preact",
  target: ["firefox128", "chrome120"],
  legalComments: "none",
  logLevel: "warning",
});
