// Validates a file against Uniswap's token list schema; fails if it is invalid.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv from "ajv";
import addFormats from "ajv-formats";

const schema = createRequire(import.meta.url)("@uniswap/token-lists/src/tokenlist.schema.json");
const ajv = new Ajv({ allErrors: true, verbose: true });
addFormats(ajv);
const list = JSON.parse(readFileSync(process.argv[2], "utf8"));
if (!ajv.validate(schema, list)) {
  throw new Error(ajv.errorsText(ajv.errors.slice(0, 20)));
}
console.log(`${list.tokens.length} tokens`);
