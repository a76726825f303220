// Parses ids, one per line, with CAIP's own library; fails at the first that is not a CAIP-19 id.
// Their halves are parsed separately: caip 1.1.1 rejects short ids as a whole, such as CAIP-19's own example eip155:1/slip44:60.
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
