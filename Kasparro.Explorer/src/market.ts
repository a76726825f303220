// Data of the asset list that /data does not have. These routes respond in CoinGecko's format, which docs/openapi.json does not describe.
import type { AssetRow } from "./api";
import { useResource } from "./resource";

export interface Market {
  id: string;
  /** The logo's URL, or a placeholder file name if there is no logo. */
  image: string;
  price_change_percentage_24h_in_currency: number | null;
  price_change_percentage_7d_in_currency: number | null;
  sparkline_in_7d?: { price: number[] };
}

interface Rate {
  name: string;
  unit: string;
  value: number;
}

/** A currency and its exchange rate, in units per US dollar. */
export interface Currency {
  code: string;
  name: string;
  perDollar: number;
}

export const dollar: Currency = { code: "usd", name: "US Dollar", perDollar: 1 };

/** Price changes and sparklines of the rows' assets, by asset id. */
export function useMarkets(rows: AssetRow[] | undefined, revision: unknown): Map<string, Market> {
  const ids = [...new Set(rows?.map(row => row.asset_id))].sort();
  const path = ids.length === 0 ? null
    : `/explore/markets?vs_currency=usd&per_page=250&sparkline=true&price_change_percentage=24h,7d&ids=${ids.join(",")}`;
  const markets = useResource<Market[]>(path, revision);
  return new Map(markets.data?.map(market => [market.id, market]));
}

/** The currencies that amounts can be shown in; only the dollar until the rates have been read. */
export function useCurrencies(revision: unknown): Currency[] {
  const rates = useResource<{ rates: Record<string, Rate> }>("/explore/rates", revision);
  const all = rates.data?.rates ?? {};
  const dollars = all.usd?.value;
  const others = dollars === undefined ? [] : Object.entries(all)
    .filter(([code]) => code !== dollar.code)
    .map(([code, rate]) => ({ code, name: rate.name, perDollar: rate.value / dollars }));
  return [dollar, ...others.sort((one, other) => one.code.localeCompare(other.code))];
}
