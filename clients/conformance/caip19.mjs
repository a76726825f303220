// Reads ids, one a line, with CAIP's own library; ends with an error at the first that is not CAIP-19.
import { readFileSync } from "node:fs";
import { AssetType } from "caip";

const ids = readFileSync(process.argv[2], "utf8").split("\n").filter(line => line.length > 0);
for (const id of ids) {
  const parsed = new AssetType(id);
  if (parsed.toString() !== id) {
    throw new Error(`${id} is read as ${parsed}`);
  }
}
console.log(`${ids.length} ids`);
