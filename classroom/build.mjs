// Builds the page into the Python package, with the hash of its sources, which a test compares.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const out = "../simulator/classroom/page";
mkdirSync(out, { recursive: true });
await build({
  entryPoints: { app: "src/app.tsx" },
  bundle: true, minify: true, target: "es2022", outdir: out, charset: "utf8", legalComments: "none",
  jsx: "automatic", jsxImportSource: "preact",
});
await build({ entryPoints: ["src/app.css"], bundle: true, minify: true, outdir: out, target: "es2022" });
for (const name of ["index.html", "icon.svg"]) copyFileSync(`src/${name}`, `${out}/${name}`);
const hash = createHash("sha256");
for (const name of ["package-lock.json", ...readdirSync("src").sort().map((file) => `src/${file}`)])
  hash.update(name + "\0").update(readFileSync(name));
writeFileSync(`${out}/sources.txt`, hash.digest("hex") + "\n");
