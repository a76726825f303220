import { useEffect, useRef, useState } from "preact/hooks";
import type { Asset, History } from "../api";
import { none, share, sourceName, usd, usdLarge, utc, whole } from "../format";
import type { Live } from "../live";
import { useResource } from "../resource";
import {
  historyPath, isCoarsest, levelOf, newest, pan, ranges, seriesOf, within, zoom, type Point, type Series, type View,
} from "./chartView";
import { CompareWith, type Compared } from "./CompareWith";
import { Notice } from "./Notice";
import { PriceChart } from "./PriceChart";

const tableRows = 100;

/** An asset's prices over any part of its history: as a chart, a sentence and a table. */
export function Prices({ asset, live }: { asset: Asset; live: Live }) {
  const [view, setView] = useState<View>(() => newest(ranges[1]!.length, Date.now()));
  const [follows, setFollows] = useState(true);
  const [fallback, setFallback] = useState({ path: "", coarser: 0 });
  const [compared, setCompared] = useState<Compared | null>(null);
  const now = Date.now();
  const finest = historyPath(asset.asset_id, view, levelOf(view, 0), now);
  const coarser = fallback.path === finest ? fallback.coarser : 0;
  const level = levelOf(view, coarser);
  const history = useResource<History>(historyPath(asset.asset_id, view, level, now), live.catalogue);
  const other = useResource<History>(compared && historyPath(compared.id, view, level, now), live.catalogue);

  // Fine candles are only kept for a while. If there are none, the next coarser level is requested; the last candles stay until it arrives.
  const isEmpty = history.data !== null && !isCoarsest(level) && within(seriesOf(history.data), view).points.length === 0;
  const drawn = useRef<History | null>(null);
  drawn.current = isEmpty ? drawn.current ?? history.data : history.data;
  useEffect(() => {
    if (isEmpty && !history.loading && history.data?.interval === level.interval) {
      setFallback({ path: finest, coarser: coarser + 1 });
    }
  });

  const series = useSeries(drawn.current);
  const otherSeries = useSeries(other.data);
  const shown = within(series, view);

  // A view that ends at the current time keeps following it.
  useEffect(() => {
    if (follows) {
      setView(old => newest(old.to - old.from, Date.now()));
    }
  }, [live.catalogue]);

  // Based on the latest view, not on the drawn one: keys and the mouse wheel are faster than drawing.
  const latest = useRef(view);
  latest.current = view;
  const show = (move: (view: View, now: number) => View) => {
    const next = move(latest.current, Date.now());
    setFollows((follows && next.to >= latest.current.to) || next.to > Date.now() - 1_000);
    latest.current = next;
    setView(next);
  };
  const isNewest = (length: number) => Math.abs(view.to - view.from - length) < 1_000 && follows;
  return (
    <section aria-labelledby="prices">
      <h2 id="prices">Price</h2>
      <div class="chart">
        <div class="tools" role="group" aria-label="Time range">
          {ranges.map(choice => (
            <button
              key={choice.title} type="button" aria-pressed={isNewest(choice.length)}
              onClick={() => show((_, now) => newest(choice.length, now))}
            >
              {choice.title}
            </button>
          ))}
        </div>
        <div class="tools moves">
          <span role="group" aria-label="Move and zoom">
            <button type="button" aria-label="Earlier" onClick={() => show((old, now) => pan(old, -0.5, now))}>←</button>
            <button type="button" aria-label="Later" onClick={() => show((old, now) => pan(old, 0.5, now))}>→</button>
            <button type="button" aria-label="Zoom in" onClick={() => show((old, now) => zoom(old, 0.5, 1, now))}>+</button>
            <button type="button" aria-label="Zoom out" onClick={() => show((old, now) => zoom(old, 2, 1, now))}>−</button>
          </span>
          <CompareWith than={asset.asset_id} compared={compared} change={setCompared} />
        </div>
        <Notice of={history} what="The price history" />
        {compared && <Notice of={other} what={`The price history of ${compared.name}`} />}
        {history.data && (
          <>
            <PriceChart name={asset.symbol} otherName={compared?.name ?? null} series={series} other={compared && otherSeries} view={view}
              change={show} />
            <Sentence shown={shown} source={history.data.source} each={level.each} />
            {compared && <Changes one={[asset.symbol, shown]} other={[compared.name, within(otherSeries, view)]} />}
            {shown.points.length > 0 && <Table points={shown.points} />}
          </>
        )}
      </div>
    </section>
  );
}

/** The series of a history; the same object as long as the history is the same. */
function useSeries(history: History | null): Series {
  const kept = useRef<[History | null, Series]>();
  if (kept.current?.[0] !== history || !kept.current) {
    kept.current = [history, seriesOf(history)];
  }

  return kept.current[1];
}

function Sentence({ shown: { points, gaps }, source, each }: { shown: Series; source: string; each: string }) {
  const first = points[0];
  if (!first) {
    return <p class="count">No prices in this period.</p>;
  }

  const end = points.at(-1)!;
  const sources = [...new Set(points.map(point => point.source ?? source))].map(sourceName).join(" and ");
  return (
    <p class="count">
      Prices of {sources}, at most one point each {each}: from {usd(first.open)} to {usd(end.close)}
      {" "}({change(first.open, end.close)}), lowest {usd(points.reduce((least, point) => Math.min(least, point.low), Infinity))},
      highest {usd(points.reduce((most, point) => Math.max(most, point.high), -Infinity))}.
      {gaps.length > 0 && <> {gaps.length === 1 ? "One gap" : `${whole(gaps.length)} gaps`} without prices.</>}
    </p>
  );
}

function Changes({ one, other }: { one: [string, Series]; other: [string, Series] }) {
  const text = ([name, { points }]: [string, Series]) =>
    points.length === 0 ? `${name} has no prices in this period` : `${name} ${change(points[0]!.close, points.at(-1)!.close)}`;
  return <p class="count">Since the left edge: {text(one)}, {text(other)}.</p>;
}

function change(from: number, to: number): string {
  const part = to / from - 1;
  return Number.isFinite(part) ? `${part < 0 ? "−" : "+"}${share(Math.abs(part))}` : none;
}

function Table({ points }: { points: Point[] }) {
  const rows = points.slice(-tableRows).reverse();
  return (
    <details>
      <summary>As a table{points.length > rows.length && `, the newest ${whole(rows.length)} of ${whole(points.length)}`}</summary>
      <div class="scroll tall" tabIndex={0} role="region" aria-label="Prices">
        <table>
          <thead>
            <tr>
              <th scope="col">From</th><th scope="col" class="number">First</th><th scope="col" class="number">Highest</th>
              <th scope="col" class="number">Lowest</th><th scope="col" class="number">Last</th>
              <th scope="col" class="number">Volume 24 h</th><th scope="col">Source</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(point => (
              <tr key={point.time}>
                <th scope="row">{utc(point.time)}</th>
                <td class="number">{usd(point.open)}</td>
                <td class="number">{usd(point.high)}</td>
                <td class="number">{usd(point.low)}</td>
                <td class="number">{usd(point.close)}</td>
                <td class="number">{usdLarge(point.volume_24h)}</td>
                <td>{point.source ? sourceName(point.source) : none}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
