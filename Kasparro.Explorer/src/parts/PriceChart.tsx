import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { Candle } from "../api";
import { usd } from "../format";

/** Closing prices as a line, with the span from lowest to highest behind it. The page says the same in words below. */
export function PriceChart({ points }: { points: Candle[] }) {
  const host = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = host.current!;
    let chart: uPlot | undefined;
    const draw = () => {
      chart?.destroy();
      chart = new uPlot(options(element.clientWidth), columns(points), element);
    };
    const resize = new ResizeObserver(() => chart?.setSize({ width: element.clientWidth, height }));
    draw();
    resize.observe(element);
    addEventListener("themechange", draw);
    return () => {
      removeEventListener("themechange", draw);
      resize.disconnect();
      chart?.destroy();
    };
  }, [points]);

  return <div ref={host} role="img" aria-label="Price over time; the sentence below tells its first, last, lowest and highest values" />;
}

const height = 280;

function columns(points: Candle[]): uPlot.AlignedData {
  return [
    points.map(point => new Date(point.time).getTime() / 1000),
    points.map(point => point.high),
    points.map(point => point.low),
    points.map(point => point.close),
  ];
}

function options(width: number): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = { stroke: colour("--quiet"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 } };
  const value = (_: uPlot, price: number | null) => usd(price);
  const edge = { stroke: "transparent", points: { show: false }, value };
  return {
    width,
    height,
    tzDate: timestamp => uPlot.tzDate(new Date(timestamp * 1000), "Etc/UTC"),
    axes: [axis, { ...axis, size: 90, values: (_, ticks) => ticks.map(tick => usd(tick)) }],
    bands: [{ series: [1, 2], fill: colour("--accent-soft") }],
    series: [
      { label: "UTC" },
      { ...edge, label: "Highest" },
      { ...edge, label: "Lowest" },
      { label: "Close", stroke: colour("--accent"), width: 2, value, points: { show: false } },
    ],
  };
}
