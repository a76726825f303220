import uPlot from "uplot";
import { isExtreme, usdScientific } from "../format";
import type { Gap, Point, Series, View } from "./chartView";

/** What to draw: one asset's prices and volume, or two assets' changes since the left edge. */
export interface Drawing {
  series: Series;
  other: Series | null;
  view: View;
}

export const height = 320;
const day = 86_400;

// The share of the height below the prices that the volume takes.
const bottom = 0.22;

/** uPlot's data with the point behind each position; null if there is none. */
export interface Plotted {
  data: uPlot.AlignedData;
  points: (Point | null)[];
  others: (Point | null)[];
}

// uPlot treats differences below 1e-24 as zero and does not label axes beyond 1e32, so extreme prices are divided by a power of ten.
export function unitOf(points: Point[]): number {
  const highest = points.reduce((most, point) => Math.max(most, point.high), 0);
  return isExtreme(highest) ? 10 ** Math.max(Math.floor(Math.log10(highest)), -307) : 1;
}

export function plot({ series, other, view }: Drawing, unit: number): Plotted {
  const at = new Map<number, [Point | null, Point | null]>();
  const place = (time: number) => at.get(time) ?? at.set(time, [null, null]).get(time)!;
  series.points.forEach(point => place(point.at)[0] = point);
  other?.points.forEach(point => place(point.at)[1] = point);

  // A position without a value in the middle of each gap breaks the line.
  [...series.gaps, ...(other?.gaps ?? [])].forEach(gap => place((gap.from + gap.to) / 2));
  const times = [...at.keys()].sort((one, two) => one - two);
  const [points, others] = [0, 1].map(index => times.map(time => at.get(time)![index]!)) as [(Point | null)[], (Point | null)[]];
  const x = times.map(time => time / 1000);
  const values = (of: (Point | null)[], value: (point: Point) => number | null, gaps: Gap[]) => {
    const broken = new Set(gaps.map(gap => (gap.from + gap.to) / 2));
    // Undefined connects the points on both sides; null breaks the line.
    return of.map((point, index) => point ? value(point) : broken.has(times[index]!) ? null : undefined);
  };
  if (other) {
    const change = (of: Series) => {
      const first = of.points.find(point => point.at >= view.from && point.close > 0)?.close;
      return (point: Point) => first === undefined ? null : (point.close / first - 1) * 100;
    };
    return {
      data: [x, values(points, change(series), series.gaps), values(others, change(other), other.gaps)] as uPlot.AlignedData,
      points, others,
    };
  }

  return {
    data: [
      x,
      values(points, point => point.high / unit, series.gaps),
      values(points, point => point.low / unit, series.gaps),
      values(points, point => point.close / unit, series.gaps),
      points.map(point => point?.volume_24h ?? null),
    ] as uPlot.AlignedData,
    points, others,
  };
}

export function options(
  width: number, unit: number, compares: boolean, current: () => Drawing, point: (index: number | null) => void,
): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour("--quiet"),
    font: `12px ${style.fontFamily}`,
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1 },
  };
  const edge = { stroke: "transparent", points: { show: false } };
  const line = { stroke: colour("--accent"), width: 2, points: { show: false } };

  // No labels next to the volume: prices there would be negative.
  const above = (chart: uPlot, splits: number[]) => compares ? splits : splits.map(split => {
    const { min, max } = chart.scales.y!;
    return split < min! + (max! - min!) * (bottom - 0.02) ? null : split;
  }) as number[];
  return {
    width,
    height,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false, setScale: false }, points: { size: 7 } },
    tzDate: timestamp => uPlot.tzDate(new Date(timestamp * 1000), "Etc/UTC"),
    hooks: {
      setCursor: [chart => point(chart.cursor.idx ?? null)],
      drawClear: [chart => shadeGaps(chart, current(), colour("--gap"), colour("--gap-line"))],
    },
    scales: {
      x: { time: true, range: () => [current().view.from / 1000, current().view.to / 1000] },
      y: { range: (_, min, max) => rangeOf(min, max, compares) },
      volume: { range: (_, __, max) => [0, max > 0 ? max / (bottom - 0.04) : 1] },
    },
    axes: [
      {
        ...axis,
        values: [
          // The step, its label, and what is added to the label at the start of a year or day.
          [365 * day, "{YYYY}", null, null, null, null, null, null, 1],
          [28 * day, "{MMM}", "\n{YYYY}", null, null, null, null, null, 1],
          [day, "{D} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
          [3_600, "{HH}:{mm}", "\n{D} {MMM}", null, "\n{D} {MMM}", null, null, null, 1],
          [60, "{HH}:{mm}", "\n{D} {MMM}", null, "\n{D} {MMM}", null, null, null, 1],
        ],
      },
      {
        ...axis,
        filter: above,
        grid: { ...axis.grid, filter: above },
        ticks: { ...axis.ticks, filter: above },
        size: (_, values) => 20 + 7 * Math.max(4, ...(values ?? []).map(value => value?.length ?? 0)),
        values: (_, ticks, __, ___, step) => {
          const label = compares ? percent(step) : unit === 1 ? money(step) : (tick: number) => usdScientific(tick * unit);
          return ticks.map(tick => tick === null ? "" : label(tick));
        },
      },
    ],
    bands: compares ? [] : [{ series: [1, 2], fill: colour("--accent-band") }],
    series: compares
      ? [{}, line, { ...line, stroke: colour("--other"), dash: [7, 4] }]
      : [
        {},
        edge,
        edge,
        line,
        {
          scale: "volume", stroke: colour("--volume"), fill: colour("--volume"), width: 0, points: { show: false },
          paths: uPlot.paths.bars!({ size: [0.7, 12], align: 1 }),
        },
      ],
  };
}

function rangeOf(min: number | null, max: number | null, compares: boolean): uPlot.Range.MinMax {
  if (min === null || max === null || !Number.isFinite(max - min)) {
    return [0, 1];
  }

  const [low, high] = uPlot.rangeNum(min, max, 0.1, true) as [number, number];
  return compares ? [low, high] : [low - (high - low) * (bottom / (1 - bottom)), high];
}

function shadeGaps(chart: uPlot, { series, view }: Drawing, fill: string, stroke: string) {
  const { left, top, width, height: tall } = chart.bbox;
  const x = (time: number) => Math.min(Math.max(chart.valToPos(time / 1000, "x", true), left), left + width);
  chart.ctx.save();
  for (const gap of series.gaps.filter(each => each.to > view.from && each.from < view.to)) {
    const [from, to] = [x(gap.from), x(gap.to)];
    chart.ctx.fillStyle = fill;
    chart.ctx.fillRect(from, top, to - from, tall);
    chart.ctx.strokeStyle = stroke;
    chart.ctx.lineWidth = devicePixelRatio;
    chart.ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    chart.ctx.strokeRect(from, top, to - from, tall);
  }

  chart.ctx.restore();
}

/** Formats ticks with as many digits as it takes to tell neighbouring ticks apart. */
function money(step: number): (tick: number) => string {
  const format = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", ...digitsOf(step) });
  return tick => format.format(tick);
}

function percent(step: number): (tick: number) => string {
  const format = new Intl.NumberFormat("en-US", { signDisplay: "exceptZero", ...digitsOf(step) });
  return tick => `${format.format(tick)} %`;
}

function digitsOf(step: number): Pick<Intl.NumberFormatOptions, "minimumFractionDigits" | "maximumFractionDigits"> {
  const digits = Math.min(Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)), 20);
  return { minimumFractionDigits: digits, maximumFractionDigits: digits };
}
