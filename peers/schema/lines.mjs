// Lines, by Ajv in its strict mode: what the SDK sends is valid, and nothing else is. The schema of
// telemetry.toml is compiled, too.
//
//     node lines.mjs CASES
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const validator = () => addFormats.default(new Ajv2020({ strict: true, strictRequired: false }));
const json = (file) => JSON.parse(readFileSync(file, "utf8"));

const folder = process.argv[2];
const ends = ".schema.json";
let [judged, wrong] = [0, 0];
for (const file of readdirSync(folder).filter((name) => name.endsWith(ends))) {
  const product = file.slice(0, -ends.length);
  const isValid = validator().compile(json(path.join(folder, file)));
  for (const text of readFileSync(path.join(folder, `${product}.ndjson`), "utf8").split("\n")) {
    const { line, is_sent: isSent } = JSON.parse(text);
    judged += 1;
    if (isValid(line) !== isSent) {
      wrong += 1;
      console.error(`${product}: Ajv says ${!isSent}, the SDK ${isSent}: ${JSON.stringify(line)}`);
    }
  }
}
// It has keys of its own only in `properties`, and `if` without `then`.
addFormats
  .default(new Ajv2020({ strict: true, strictRequired: false, strictTypes: false }))
  .compile(json("telemetry.schema.json"));
console.log(`Ajv: ${judged} lines judged, ${wrong} not as the SDK does`);
process.exit(wrong > 0 || judged < 1000 ? 1 : 0);
