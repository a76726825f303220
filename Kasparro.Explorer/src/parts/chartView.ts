// The part of an asset's history that a chart shows, in Unix milliseconds, and the candles that it is drawn from.
import type { Candle, History } from "../api";

export interface View {
  from: number;
  to: number;
}

export interface Level {
  interval: string;
  length: number;
  each: string;
}

const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
const year = 365 * day;

export const ranges = [
  { title: "1 hour", length: hour },
  { title: "1 day", length: day },
  { title: "7 days", length: 7 * day },
  { title: "90 days", length: 90 * day },
  { title: "1 year", length: year },
  { title: "10 years", length: 10 * year },
];

const shortest = hour;
const longest = 10 * year;

// Finest first, each with the longest view that it is drawn for.
const levels: (Level & { upTo: number })[] = [
  { interval: "5m", length: 5 * minute, each: "five minutes", upTo: 2 * day },
  { interval: "1h", length: hour, each: "hour", upTo: 16 * day },
  { interval: "4h", length: 4 * hour, each: "four hours", upTo: 60 * day },
  { interval: "1d", length: day, each: "day", upTo: 2 * year },
  { interval: "1w", length: 7 * day, each: "week", upTo: Infinity },
];

/** The level for a view, or a coarser one, which goes further back. */
export function levelOf(view: View, coarser: number): Level {
  const index = levels.findIndex(level => view.to - view.from <= level.upTo);
  return levels[Math.min(index + coarser, levels.length - 1)]!;
}

export function isCoarsest(level: Level): boolean {
  return level.interval === levels.at(-1)!.interval;
}

/** The newest part of the history. */
export function newest(length: number, now: number): View {
  return { from: now - length, to: now };
}

/** Scales the view around a position in it, from 0 (left edge) to 1 (right edge); the result never ends after now. */
export function zoom(view: View, factor: number, at: number, now: number): View {
  const length = Math.min(Math.max((view.to - view.from) * factor, shortest), longest);
  const from = view.from + (view.to - view.from - length) * at;
  return keep({ from, to: from + length }, now);
}

/** Moves the view by a fraction of its length; the result never ends after now. */
export function pan(view: View, part: number, now: number): View {
  const by = (view.to - view.from) * part;
  return keep({ from: view.from + by, to: view.to + by }, now);
}

function keep(view: View, now: number): View {
  const beyond = Math.max(view.to - now, 0) - Math.max(now - 2 * longest - view.from, 0);
  return { from: view.from - beyond, to: view.to - beyond };
}

/** The path of a history that covers the view and as much again on both sides; small movements of the view do not change it. */
export function historyPath(assetId: string, view: View, level: Level, now: number): string {
  const span = view.to - view.from;
  const step = Math.max(span / 2, level.length, hour);
  const from = Math.floor((view.from - span) / step) * step;
  const to = Math.ceil((view.to + span) / step) * step;
  const until = to < now ? `&to=${new Date(to).toISOString()}` : "";
  return `/assets/${assetId}/history?from=${new Date(from).toISOString()}${until}&interval=${level.interval}`;
}

export interface Point extends Candle {
  at: number;
}

export interface Gap {
  from: number;
  to: number;
}

export interface Series {
  points: Point[];
  /** Periods without prices that are longer than twice the usual interval between points. */
  gaps: Gap[];
}

export function seriesOf(history: History | null): Series {
  const points = (history?.points ?? []).map(point => ({ ...point, at: new Date(point.time).getTime() }));
  const steps = points.slice(1).map((point, index) => point.at - points[index]!.at).sort((one, other) => one - other);
  const usual = steps[Math.floor(steps.length / 2)] ?? 0;
  const gaps = (history?.gaps ?? []).map(gap => ({ from: new Date(gap.from).getTime(), to: new Date(gap.to).getTime() }));
  return { points, gaps: gaps.filter(gap => gap.to - gap.from > 2 * usual) };
}

/** The points and gaps that a view shows. */
export function within(series: Series, view: View): Series {
  return {
    points: series.points.filter(point => point.at >= view.from && point.at <= view.to),
    gaps: series.gaps.filter(gap => gap.to > view.from && gap.from < view.to),
  };
}
