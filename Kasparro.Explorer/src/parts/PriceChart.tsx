import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import type { Candle } from "../api";
import { isExtreme, usd, usdScientific } from "../format";

/** Closing prices as a line, with the span from lowest to highest behind it. The page says the same in words below. */
export function PriceChart({ points }: { points: Candle[] }) {
  const host = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);

  useEffect(() => {
    const element = host.current!;
    let chart: uPlot | undefined;
    const draw = () => {
      chart?.destroy();
      const unit = unitOf(points);
      chart = new uPlot(options(element.clientWidth, unit, setPointed), columns(points, unit), element);
    };
    const resize = new ResizeObserver(() => chart?.setSize({ width: element.clientWidth, height }));
    draw();
    resize.observe(element);
    addEventListener("themechange", draw);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", draw);
    return () => {
      removeEventListener("themechange", draw);
      scheme.removeEventListener("change", draw);
      resize.disconnect();
      chart?.destroy();
    };
  }, [points]);

  const shown = points[pointed ?? points.length - 1] ?? points.at(-1)!;
  return (
    <>
      <p class="readout" aria-hidden="true">
        <strong>{usd(shown.close)}</strong> {minute.format(new Date(shown.time))} UTC{shown.low < shown.high && <>, {usd(shown.low)} to {usd(shown.high)}</>}
      </p>
      <div ref={host} role="img" aria-label="Price over time; the sentence below tells its first, last, lowest and highest values" />
    </>
  );
}

const minute = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
const height = 280;
const hour = 3_600;
const day = 24 * hour;

// uPlot takes a difference below 1e-24 for none, and labels no axis beyond 1e32: it gets such prices as multiples of a power of ten.
function unitOf(points: Candle[]): number {
  const highest = Math.max(...points.map(point => point.high));
  return isExtreme(highest) ? 10 ** Math.max(Math.floor(Math.log10(highest)), -307) : 1;
}

function columns(points: Candle[], unit: number): uPlot.AlignedData {
  return [
    points.map(point => new Date(point.time).getTime() / 1000),
    points.map(point => point.high / unit),
    points.map(point => point.low / unit),
    points.map(point => point.close / unit),
  ];
}

function options(width: number, unit: number, point: (index: number | null) => void): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour("--quiet"),
    font: `12px ${style.fontFamily}`,
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1 },
  };
  const edge = { stroke: "transparent", points: { show: false } };
  return {
    width,
    height,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    tzDate: timestamp => uPlot.tzDate(new Date(timestamp * 1000), "Etc/UTC"),
    hooks: { setCursor: [chart => point(chart.cursor.idx ?? null)] },
    axes: [
      {
        ...axis,
        values: [
          // The step, its label, and what else is said where a year, a day begins.
          [365 * day, "{YYYY}", null, null, null, null, null, null, 1],
          [28 * day, "{MMM}", "\n{YYYY}", null, null, null, null, null, 1],
          [day, "{D} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
          [hour, "{HH}:{mm}", "\n{D} {MMM}", null, "\n{D} {MMM}", null, null, null, 1],
          [60, "{HH}:{mm}", "\n{D} {MMM}", null, "\n{D} {MMM}", null, null, null, 1],
        ],
      },
      {
        ...axis,
        size: (_, values) => 20 + 7 * Math.max(4, ...(values ?? []).map(value => value.length)),
        values: (_, ticks, __, ___, step) => ticks.map(unit === 1 ? money(step) : tick => usdScientific(tick * unit)),
      },
    ],
    bands: [{ series: [1, 2], fill: colour("--accent-band") }],
    series: [
      {},
      edge,
      edge,
      { stroke: colour("--accent"), width: 2, fill: colour("--accent-soft"), points: { show: false } },
    ],
  };
}

/** As many digits as neighbouring ticks differ in. */
function money(step: number): (tick: number) => string {
  const digits = Math.min(Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)), 20);
  const format = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", minimumFractionDigits: digits, maximumFractionDigits: digits });
  return tick => format.format(tick);
}
