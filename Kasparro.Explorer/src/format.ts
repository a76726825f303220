// A negative zero has no sign, whether it comes from a CSV file ("-0.00") or from rounding.
const number = (digits: Intl.NumberFormatOptions) => new Intl.NumberFormat("en-US", { signDisplay: "negative", ...digits });
const price = (digits: Intl.NumberFormatOptions) => number({ style: "currency", currency: "USD", ...digits });
const coin = price({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
const fraction = price({ minimumSignificantDigits: 2, maximumSignificantDigits: 4 });
const large = price({ notation: "compact", minimumFractionDigits: 2, maximumFractionDigits: 2 });
const scientific = price({ notation: "scientific", minimumFractionDigits: 2, maximumFractionDigits: 2 });
const count = number({});
const percent = number({ style: "percent", maximumFractionDigits: 2 });
const manyPercent = number({ style: "percent", notation: "scientific", maximumFractionDigits: 2 });
const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" });
const ago = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

export const none = "–";

/** Whether a number has so many digits before or after the decimal point that scientific notation is easier to read. */
export function isExtreme(value: number): boolean {
  const size = Math.abs(value);
  return size >= 1e15 || (size < 1e-12 && size > 0);
}

export function usd(value: number | null | undefined): string {
  if (value == null) {
    return none;
  }

  return (isExtreme(value) ? scientific : value === 0 || Math.abs(value) >= 1 ? coin : fraction).format(value);
}

/** Scientific notation, for an axis of extreme numbers. */
export function usdScientific(value: number): string {
  return (value === 0 ? coin : scientific).format(value);
}

export function usdLarge(value: number | null | undefined): string {
  return value == null || Math.abs(value) < 1 || isExtreme(value) ? usd(value) : large.format(value);
}

/** Converts an amount in US dollars to another currency. */
export function money(dollars: number | null | undefined, currency: { code: string; perDollar: number }): string {
  return shown(dollars, currency, usd);
}

export function moneyLarge(dollars: number | null | undefined, currency: { code: string; perDollar: number }): string {
  return shown(dollars, currency, usdLarge);
}

// The same rules as for dollars, with the currency's code after the number instead of a sign before it.
function shown(
  dollars: number | null | undefined, currency: { code: string; perDollar: number }, format: (value: number | null | undefined) => string,
): string {
  return dollars == null || currency.code === "usd"
    ? format(dollars)
    : `${format(dollars * currency.perDollar).replace("$", "")} ${currency.code.toUpperCase()}`;
}

/** A change in percent, with its sign. */
export function change(percent: number): string {
  return changed.format(percent / 100);
}

const changed = new Intl.NumberFormat("en-US", {
  style: "percent", signDisplay: "exceptZero", minimumFractionDigits: 2, maximumFractionDigits: 2,
});

export function whole(value: number | null | undefined): string {
  return value == null ? none : count.format(value);
}

/** A count and its noun: 1 page, 2 pages. */
export function counted(value: number, thing: string): string {
  return `${whole(value)} ${thing}${value === 1 ? "" : "s"}`;
}

export function share(value: number | null | undefined): string {
  return value == null ? none : (Math.abs(value) >= 1e6 ? manyPercent : percent).format(value);
}

/** A date and time in UTC. */
export function utc(value: string | null | undefined): string {
  return value ? `${moment.format(new Date(value))} UTC` : none;
}

export function since(value: string | null | undefined, now = Date.now()): string {
  if (!value) {
    return none;
  }

  // Rounded before the next unit is tried: 59.7 minutes becomes an hour, not 60 minutes.
  let count = (new Date(value).getTime() - now) / 1000;
  let unit: Intl.RelativeTimeFormatUnit = "second";
  for (const [larger, size] of [["minute", 60], ["hour", 60], ["day", 24]] as const) {
    if (Math.abs(Math.round(count)) < size) {
      break;
    }

    count /= size;
    unit = larger;
  }

  return ago.format(Math.round(count), unit);
}

export function duration(milliseconds: number | null | undefined): string {
  if (milliseconds == null) {
    return none;
  }

  // Rounded to the unit that is shown before it is divided: otherwise 119.6 s would be "1 min 60 s".
  const whole = Math.round(milliseconds);
  if (whole < 1_000) {
    return `${whole} ms`;
  }

  const tenths = Math.round(milliseconds / 100);
  if (tenths < 600) {
    return `${(tenths / 10).toFixed(1)} s`;
  }

  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 3_600) {
    return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  }

  const minutes = Math.round(milliseconds / 60_000);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
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

/** A measure's value in its unit, clamped to possible values: the usual range of a share, for example, may extend beyond 0 and 1. */
export function measured(measure: string, value: number): string {
  const possible = measure.endsWith("_share") ? Math.min(Math.max(value, 0), 1) : Math.max(value, 0);
  return measures[measure]?.[1](possible) ?? whole(possible);
}

const sourceNames: Record<string, string> = { coinpaprika: "CoinPaprika", coingecko: "CoinGecko", csv_source: "CSV" };

export const sources = Object.keys(sourceNames);

export function sourceName(source: string): string {
  return sourceNames[source] ?? source;
}
