// What the explorer reads of the API's answers; /openapi/v1.json describes them whole.

export interface AssetRow {
  asset_id: string;
  symbol: string;
  name: string;
  price_usd: number | null;
  market_cap: number | null;
  volume_24h?: number | null;
  rank?: number | null;
  source: string;
  updated_at: string;
}

export interface AssetPageData {
  data: AssetRow[];
  total: number;
  next?: string | null;
  prev?: string | null;
}

export interface Listing {
  listing_id: string;
  source: string;
  external_id: string;
  symbol: string;
  name: string;
  is_active: boolean;
  price_usd: number | null;
  market_cap: number | null;
  volume_24h: number | null;
  rank: number | null;
  circulating_supply: number | null;
  updated_at: string;
  contracts: { platform: string; address: string }[];
}

export interface Merge {
  listing_id: string;
  other_id: string;
  rule: string;
  confidence: number;
  evidence: string[];
}

export interface Asset extends AssetRow {
  is_active: boolean;
  listings: Listing[];
  merges: Merge[];
}

export interface Candle {
  time: string;
  open: number;
  high: number;
  low: number;
  close: number;
}

export interface History {
  interval: string;
  source: string;
  points: Candle[];
}

export type RunStatus = "running" | "completed" | "failed" | "interrupted" | "cancelled" | "lost_lock";

export interface Run {
  run_id: string;
  source: string;
  trigger: string;
  upstreams: string;
  status: RunStatus;
  started_at: string;
  finished_at: string | null;
  duration_ms: number;
  counts: { pages: number; read: number; inserted: number; updated: number; unchanged: number; duplicates: number; rejected: number };
  error: string | null;
  assessment: Assessment | null;
}

export interface RunPageData {
  runs: Run[];
  next_cursor: string | null;
}

export interface Anomaly {
  measure: string;
  found: number;
  expected: number;
  expected_from: number;
  expected_to: number;
}

export interface Assessment {
  verdict: "usual" | "odd" | "too_few_runs" | "not_comparable";
  history: number;
  anomalies: Anomaly[];
}

export interface RunDetails {
  run: Run;
  stages: { load_ms: number; wait_ms: number } | null;
  upstream_calls: number | null;
  checkpoints: { stream: string; page: number; records: number; is_complete: boolean; updated_at: string }[];
  drifts: { stream: string; path: string; kind: string; expected: string | null; found: string | null; renamed_to: string | null; occurrences: number }[];
  rejections: { reason: string; records: number }[];
}
