const price = (digits: Intl.NumberFormatOptions) => new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", ...digits });
const coin = price({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
const fraction = price({ minimumSignificantDigits: 2, maximumSignificantDigits: 4 });
const large = price({ notation: "compact", minimumFractionDigits: 2, maximumFractionDigits: 2 });
const count = new Intl.NumberFormat("en-US");
const percent = new Intl.NumberFormat("en-US", { style: "percent", maximumFractionDigits: 2 });
const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" });
const ago = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

export const none = "–";

export function usd(value: number | null | undefined): string {
  return value == null ? none : value === 0 || Math.abs(value) >= 1 ? coin.format(value) : fraction.format(value);
}

export function usdLarge(value: number | null | undefined): string {
  return value == null ? none : large.format(value);
}

export function whole(value: number | null | undefined): string {
  return value == null ? none : count.format(value);
}

export function share(value: number | null | undefined): string {
  return value == null ? none : percent.format(value);
}

/** A moment, UTC. */
export function utc(value: string | null | undefined): string {
  return value ? `${moment.format(new Date(value))} UTC` : none;
}

export function since(value: string | null | undefined, now = Date.now()): string {
  if (!value) {
    return none;
  }

  const seconds = (new Date(value).getTime() - now) / 1000;
  const units: [Intl.RelativeTimeFormatUnit, number][] = [["day", 86_400], ["hour", 3_600], ["minute", 60]];
  const [unit, length] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return ago.format(Math.round(seconds / length), unit);
}

export function duration(milliseconds: number | null | undefined): string {
  if (milliseconds == null) {
    return none;
  }

  if (milliseconds < 999.5) {
    return `${Math.round(milliseconds)} ms`;
  }

  const seconds = milliseconds / 1000;
  if (seconds < 60) {
    return `${seconds.toFixed(1)} s`;
  }

  return seconds < 3_600 ? `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s` : `${Math.floor(seconds / 3_600)} h ${Math.round((seconds % 3_600) / 60)} min`;
}

const measures: Record<string, [string, (value: number) => string]> = {
  quoted_records: ["Records with quotes", whole],
  rejected_share: ["Rejected records", share],
  price_share: ["Records with a price", share],
  market_cap_share: ["Records with a market cap", share],
  volume_share: ["Records with a volume", share],
  price_level_usd: ["Price level (geometric mean)", usd],
  duration_ms: ["Time taken", duration],
};

export function measureName(measure: string): string {
  return measures[measure]?.[0] ?? measure.replaceAll("_", " ");
}

/** A measure's value in its unit. What is usual may reach beyond what can be: a share ends at 0 and 1, and so does what is shown. */
export function measured(measure: string, value: number): string {
  const possible = measure.endsWith("_share") ? Math.min(Math.max(value, 0), 1) : Math.max(value, 0);
  return measures[measure]?.[1](possible) ?? whole(possible);
}

const sources: Record<string, string> = { coinpaprika: "CoinPaprika", coingecko: "CoinGecko", csv_source: "CSV" };

export function sourceName(source: string): string {
  return sources[source] ?? source;
}
