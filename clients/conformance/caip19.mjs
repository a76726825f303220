// Reads ids, one a line, with CAIP's own library; ends with an error at the first that is not CAIP-19.
// By halves: as one text caip 1.1.1 refuses short ids, CAIP-19's own example eip155:1/slip44:60 among them.
import { readFileSync } from "node:fs";
import { AssetType } from "caip";

const ids = readFileSync(process.argv[2], "utf8").split("\n").filter(line => line.length > 0);
for (const id of ids) {
  const [chainId, assetName, ...rest] = id.split("/");
  const parsed = new AssetType({ chainId, assetName });
  if (rest.length > 0 || `${parsed.chainId}/${parsed.assetName}` !== id) {
    throw new Error(`${id} is not CAIP-19`);
  }
}
console.log(`${ids.length} ids`);
