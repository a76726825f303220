// The parts of the API that the explorer reads, with types generated from docs/openapi.json.
import type { paths } from "./schema";

type ResponseBody<Path extends keyof paths> =
  paths[Path] extends { get: { responses: { 200: { content: { "application/json": infer Body } } } } } ? Body : never;

/** A row of /data. The explorer requests every field that it uses, with amounts in US dollars. */
export type AssetRow = Required<ResponseBody<"/data">["data"][number]>;
export type AssetPageData = Omit<ResponseBody<"/data">, "data"> & { data: AssetRow[] };

export type Asset = ResponseBody<"/assets/{id}">;
export type Listing = Asset["listings"][number];
export type Merge = Asset["merges"][number];

export type Resolved = ResponseBody<"/resolve">;

export type History = ResponseBody<"/assets/{id}/history">;
export type Candle = History["points"][number];

export type RunPageData = ResponseBody<"/runs">;
export type Run = RunPageData["runs"][number];
export type RunDetails = ResponseBody<"/runs/{run_id}">;
export type Assessment = Run["assessment"];
