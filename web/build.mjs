// Build what the server serves: `node build.mjs` writes the portal's scripts and word lists.
//
// The same sources make the same bytes: no dates, no paths, no hashes but of content.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2] ?? join(here, "../src/silent_courier/server/portal/static"));
const SCRIPTS = { portal: "src/portal/portal.ts", worker: "src/portal/worker/worker.ts" };

await mkdir(target, { recursive: true });
await build({
  absWorkingDir: here,
  entryPoints: SCRIPTS,
  outdir: target,
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "iife",
  target: "firefox128",
  legalComments: "none",
  logLevel: "warning",
  alias: { "@noble/curves/nist.js": join(here, "src/portal/no_nist.ts") },
});
const bundled = await build({
  absWorkingDir: here,
  entryPoints: ["src/portal/lists.ts"],
  bundle: true,
  format: "esm",
  platform: "node",
  write: false,
  logLevel: "warning",
});
const source = Buffer.from(bundled.outputFiles[0].contents).toString("base64");
const { lists } = await import(`data:text/javascript;base64,${source}`);
for (const [code, words] of Object.entries(lists)) {
  await writeFile(join(target, `words-${code}.txt`), words.map((word) => `${word}\n`).join(""));
}
