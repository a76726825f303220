import { useEffect, useRef } from "preact/hooks";
import { Link } from "wouter-preact";
import type { AssetPageData, AssetRow } from "../api";
import { change, counted, money, moneyLarge, none, since, sourceName, sources, utc, whole } from "../format";
import type { Live } from "../live";
import { type Currency, dollar, type Market, useCurrencies, useMarkets } from "../market";
import { IdMatch } from "../parts/IdMatch";
import { Logo } from "../parts/Logo";
import { Notice } from "../parts/Notice";
import { Sparkline } from "../parts/Sparkline";
import { useTitle } from "../parts/title";
import { type Query, useQuery } from "../query";
import { useResource } from "../resource";

interface Column {
  field: string;
  title: string;
  numeric?: boolean;
  /** Whether the column is hidden on phones. */
  wide?: boolean;
  /** Whether rows cannot be sorted by this column. */
  fixed?: boolean;
  cell: (row: AssetRow, currency: Currency, market: Market | undefined) => preact.ComponentChildren;
}

const columns: Column[] = [
  { field: "rank", title: "Rank", numeric: true, wide: true, cell: row => whole(row.rank) },
  {
    field: "name",
    title: "Asset",
    cell: (row, _, market) => (
      <Link href={`/explore/assets/${row.asset_id}`} class="asset">
        <Logo path={market?.image.startsWith("http") ? `/assets/${row.asset_id}/logo` : null} size={20} />
        <strong title={row.symbol}>{row.symbol}</strong> <span class="name" title={row.name}>{row.name}</span>
      </Link>
    ),
  },
  { field: "price_usd", title: "Price", numeric: true, cell: (row, currency) => money(row.price_usd, currency) },
  {
    field: "24h", title: "24 h", numeric: true, wide: true, fixed: true,
    cell: (_, __, market) => <Change of={market?.price_change_percentage_24h_in_currency} />,
  },
  {
    field: "7d", title: "7 d", numeric: true, wide: true, fixed: true,
    cell: (_, __, market) => <Change of={market?.price_change_percentage_7d_in_currency} />,
  },
  { field: "market_cap", title: "Market cap", numeric: true, cell: (row, currency) => <Large of={row.market_cap} currency={currency} /> },
  { field: "volume_24h", title: "Volume 24 h", numeric: true, cell: (row, currency) => <Large of={row.volume_24h} currency={currency} /> },
  {
    // Without a seven-day change, a line covering a few hours would look like a whole week.
    field: "sparkline", title: "Last 7 days", wide: true, fixed: true,
    cell: (_, __, market) =>
      <Sparkline prices={market?.price_change_percentage_7d_in_currency == null ? [] : market.sparkline_in_7d?.price ?? []} />,
  },
  { field: "source", title: "Source", cell: row => sourceName(row.source) },
  {
    field: "updated_at", title: "Updated",
    cell: row => <time dateTime={row.updated_at} title={utc(row.updated_at)}>{since(row.updated_at) || none}</time>,
  },
];

const fields = "asset_id,symbol,name,rank,price_usd,market_cap,volume_24h,source,updated_at";
const standardSort = "-market_cap";

export function AssetsPage({ live }: { live: Live }) {
  useTitle("Assets");
  const { query, go, later, forget } = useQuery("/");
  const sort = query.get("sort") ?? standardSort;
  const filtered = ["q", "source", "min_market_cap", "max_market_cap"].some(name => query.has(name));
  const page = useResource<AssetPageData>(`/data?${apiQuery(query)}`, live.catalogue);
  const markets = useMarkets(page.data?.data, live.catalogue);
  const currencies = useCurrencies(live.catalogue);
  const currency = currencies.find(known => known.code === query.get("currency")) ?? dollar;

  return (
    <>
      <h1>Assets</h1>
      <Filters query={query} go={go} later={later} currencies={currencies} currency={currency} />
      <IdMatch text={query.get("q") ?? ""} revision={live.catalogue} />
      <Notice of={page} what="The catalogue" />
      {page.data && (
        <>
          <p class="count" role="status">
            {counted(page.data.total, "asset")}
            {filtered && <> found · <Link href="/" onClick={forget}>show all</Link></>}
          </p>
          {page.data.data.length === 0 && <p class="nothing">No asset matches.</p>}
          {page.data.data.length > 0 && (
            <div class="scroll" tabIndex={0} role="region" aria-label="Assets">
              <table aria-busy={page.loading}>
                <thead>
                  <tr>{columns.map(column => <Heading key={column.field} column={column} sort={sort} go={go} />)}</tr>
                </thead>
                <tbody>
                  {keyed(page.data.data).map(([key, row]) => (
                    <tr key={key}>
                      {columns.map(column => (
                        <td key={column.field} class={look(column)}>{column.cell(row, currency, markets.get(row.asset_id))}</td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {(page.data.prev || page.data.next) && (
            <nav class="pages" aria-label="Pages">
              <PageLink cursor={page.isCurrent ? page.data.prev : null} go={go}>← Previous</PageLink>
              <PageLink cursor={page.isCurrent ? page.data.next : null} go={go}>Next →</PageLink>
            </nav>
          )}
        </>
      )}
    </>
  );
}

/** Rows with unique keys: a source can list the same asset more than once. */
function keyed(rows: AssetRow[]): [string, AssetRow][] {
  const seen = new Map<string, number>();
  return rows.map(row => {
    const number = (seen.get(row.asset_id) ?? 0) + 1;
    seen.set(row.asset_id, number);
    return [`${row.asset_id} ${number}`, row];
  });
}

function apiQuery(query: URLSearchParams): string {
  const api = new URLSearchParams({ page_size: "50", fields });
  for (const name of ["q", "source", "min_market_cap", "max_market_cap", "cursor"]) {
    const value = query.get(name);
    if (value) {
      api.set(name, value);
    }
  }

  const sort = query.get("sort");
  if (sort && sort !== standardSort) {
    api.set("sort", sort);
  }

  return api.toString();
}

type Go = Query["go"];

function Change({ of }: { of: number | null | undefined }) {
  return of == null ? <>{none}</> : <span class={of < 0 ? "down" : "up"}>{change(of)}</span>;
}

/** A large amount in short form, with all digits in the tooltip. */
function Large({ of, currency }: { of: number | null | undefined; currency: Currency }) {
  return <span title={money(of, currency)}>{moneyLarge(of, currency)}</span>;
}

interface FiltersProps extends Pick<Query, "query" | "go" | "later"> {
  currencies: Currency[];
  currency: Currency;
}

function Filters({ query, go, later, currencies, currency }: FiltersProps) {
  const search = useRef<HTMLInputElement>(null);

  // "/" focuses the search field, as on many other sites.
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches("input, select, textarea");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        search.current?.focus();
      }
    };
    addEventListener("keydown", focus);
    return () => removeEventListener("keydown", focus);
  }, []);

  // The fields follow changes of the address (another page, "show all"), except the one that the user is typing in.
  const form = useRef<HTMLFormElement>(null);
  const text = query.toString();
  useEffect(() => {
    for (const input of form.current!.querySelectorAll("input")) {
      const value = query.get(input.name) ?? "";
      if (input.value.trim() !== value && input !== document.activeElement) {
        input.value = value;
      }
    }
  }, [text]);

  return (
    <form ref={form} class="filters" role="search" onSubmit={event => event.preventDefault()}>
      <label class="whole">
        <span>Search</span>
        <input
          ref={search} type="search" name="q" placeholder="Name, symbol or any id ( / )" autocomplete="off"
          defaultValue={query.get("q") ?? ""}
          onInput={event => later({ q: event.currentTarget.value.trim() })}
        />
      </label>
      <label class={currencies.length > 1 ? undefined : "whole"}>
        <span>Source</span>
        <select name="source" value={query.get("source") ?? ""} onChange={event => go({ source: event.currentTarget.value })}>
          <option value="">All, unified</option>
          {sources.map(source => <option key={source} value={source}>{sourceName(source)}</option>)}
        </select>
      </label>
      {currencies.length > 1 && (
        <label>
          <span>Currency</span>
          <select
            name="currency" value={currency.code}
            onChange={event => go({ currency: event.currentTarget.value === dollar.code ? null : event.currentTarget.value })}
          >
            {currencies.map(known => <option key={known.code} value={known.code}>{known.code.toUpperCase()} · {known.name}</option>)}
          </select>
        </label>
      )}
      {([["min_market_cap", "Market cap from, $"], ["max_market_cap", "Market cap to, $"]] as const).map(([name, label]) => (
        <label key={name}>
          <span>{label}</span>
          <input
            type="number" name={name} min="0" step="any" inputMode="decimal" defaultValue={query.get(name) ?? ""}
            onInput={event => later({ [name]: event.currentTarget.value })}
          />
        </label>
      ))}
    </form>
  );
}

function look(column: Column): string {
  return `${column.numeric ? "number" : ""} ${column.wide ? "wide-only" : ""}`.trim();
}

function Heading({ column, sort, go }: { column: Column; sort: string; go: Go }) {
  if (column.fixed) {
    return <th scope="col" class={look(column)}>{column.title}</th>;
  }

  const field = sort.replace(/^[-+]/, "");
  const descending = sort.startsWith("-");
  const current = field === column.field;
  // Numbers are first sorted from the largest, names and ranks from the first.
  const first = column.numeric && column.field !== "rank" ? `-${column.field}` : column.field;
  const next = current ? (descending ? column.field : `-${column.field}`) : first;
  return (
    <th scope="col" class={look(column)} aria-sort={current ? (descending ? "descending" : "ascending") : undefined}>
      <button type="button" onClick={() => go({ sort: next === standardSort ? null : next })}>
        {column.title} <span aria-hidden="true">{current ? (descending ? "▼" : "▲") : ""}</span>
      </button>
    </th>
  );
}

function PageLink({ cursor, go, children }: { cursor: string | null | undefined; go: Go; children: string }) {
  // `next` and `prev` are links of the API; only their cursor is used here.
  const value = cursor ? new URL(cursor, location.origin).searchParams.get("cursor") : null;
  return <button type="button" disabled={value === null} onClick={() => go({ cursor: value })}>{children}</button>;
}
