import { kasparro, rows } from "./client.js";

declare const process: { argv: string[] };

const api = kasparro(process.argv[2] ?? "http://localhost:8000");

// The ten largest assets.
const { data: page } = await api.GET("/data", { params: { query: { page_size: 10, fields: "asset_id,symbol,price_usd" } } });
for (const asset of page?.data ?? []) {
  console.log(asset.symbol, asset.price_usd?.toFixed(2) ?? "no price");
}

// All active assets, page by page.
let count = 0;
for await (const asset of rows(api, { active: true, sort: "symbol" }, 2)) {
  count += asset.asset_id ? 1 : 0;
}

console.log(`${count} assets, as the total says: ${count === page?.total}`);

// One asset, with its sources.
const id = page?.data[0]?.asset_id;
if (id !== undefined) {
  const { data: asset } = await api.GET("/assets/{id}", { params: { path: { id } } });
  console.log(asset?.symbol, "is listed by", asset?.listings.map((listing) => listing.source).join(", "));
}

// Errors are typed, too.
const { error } = await api.GET("/data", { params: { query: { page: 0 } } });
console.log(error?.status, Object.keys(error?.errors ?? {}).join());

// None of these compiles: a route, a parameter, a value and a field that do not exist.
export async function mistakes(): Promise<void> {
  // @ts-expect-error
  await api.GET("/assets");
  // @ts-expect-error
  await api.GET("/data", { params: { query: { pages: 1 } } });
  // @ts-expect-error
  await api.GET("/export", { params: { query: { format: "xml" } } });
  // @ts-expect-error
  (await api.GET("/stats")).data?.nothing;
}
