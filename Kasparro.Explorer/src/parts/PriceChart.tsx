import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { sourceName, usd, usdLarge } from "../format";
import { height, options, plot, unitOf, type Drawing, type Plotted } from "./chartPlot";
import { pan, zoom, type Point, type Series, type View } from "./chartView";

interface Props {
  name: string;
  otherName: string | null;
  series: Series;
  other: Series | null;
  view: View;
  change: (move: (view: View, now: number) => View) => void;
}

/**
 * Closing prices as a line, with the range from lowest to highest behind it and the volume below; for two assets, their changes since the
 * left edge. The mouse wheel, dragging, pinching and keys change the view. The text below the chart gives the same information.
 */
export function PriceChart({ name, otherName, series, other, view, change }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>();
  const [pointed, setPointed] = useState<number | null>(null);
  const drawing = useRef<Drawing>({ series, other, view });
  const plotted = useRef<Plotted>({ data: [[]], points: [], others: [] });
  const move = useRef(change);
  drawing.current = { series, other, view };
  move.current = change;

  useEffect(() => {
    const element = host.current!;
    const draw = () => {
      chart.current?.destroy();
      const unit = unitOf(series.points);
      plotted.current = plot(drawing.current, unit);
      chart.current = new uPlot(
        options(element.clientWidth, unit, other !== null, () => drawing.current, setPointed), plotted.current.data, element);
    };
    const resize = new ResizeObserver(() => chart.current?.setSize({ width: element.clientWidth, height }));
    draw();
    resize.observe(element);
    addEventListener("themechange", draw);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", draw);
    return () => {
      removeEventListener("themechange", draw);
      scheme.removeEventListener("change", draw);
      resize.disconnect();
      chart.current?.destroy();
    };
  }, [series, other]);

  // The same data in another view: only changes since the left edge have to be recomputed.
  useEffect(() => {
    if (other) {
      plotted.current = plot(drawing.current, 1);
      chart.current?.setData(plotted.current.data);
    } else {
      chart.current?.setScale("x", { min: view.from / 1000, max: view.to / 1000 });
    }
  }, [view]);

  useEffect(() => gestures(host.current!, next => move.current(next)), []);

  const key = (event: KeyboardEvent) => {
    const next = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (next) {
      event.preventDefault();
      change(next);
    }
  };
  const { points, others } = plotted.current;
  const shown = (pointed === null ? null : points[pointed] ?? null) ?? last(series, view);
  const shownOther = other && ((pointed === null ? null : others[pointed] ?? null) ?? last(other, view));
  return (
    <>
      <p class="readout" aria-hidden="true">
        {shown && <Readout point={shown} name={other ? name : null} />}
        {shownOther && <> <span class="other">╌╌</span> <Readout point={shownOther} name={otherName} /></>}
        {!shown && !shownOther && "\u00a0"}
      </p>
      <div class="plot" ref={host} tabIndex={0} role="group" aria-label="Price chart" aria-describedby="chart-keys" onKeyDown={key}>
        <p class="unseen" id="chart-keys">
          Price over time; the sentence below gives the first, last, lowest and highest values, the table lists the prices. Arrow keys
          move the chart, plus and minus zoom, End shows the newest prices.
        </p>
      </div>
    </>
  );
}

const minute = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });

function Readout({ point, name }: { point: Point; name: string | null }) {
  return (
    <>
      {name && <>{name} </>}<strong>{usd(point.close)}</strong> {minute.format(point.at)} UTC
      {point.low < point.high && <>, {usd(point.low)} to {usd(point.high)}</>}
      {point.volume_24h != null && !name && <>, volume {usdLarge(point.volume_24h)}</>}
      {point.source && <>, {sourceName(point.source)}</>}
    </>
  );
}

function last(series: Series, view: View): Point | undefined {
  return series.points.filter(point => point.at <= view.to && point.at >= view.from).at(-1);
}

const keys: Record<string, (view: View, now: number) => View> = {
  ArrowLeft: (view, now) => pan(view, -0.25, now),
  ArrowRight: (view, now) => pan(view, 0.25, now),
  "+": (view, now) => zoom(view, 0.5, 1, now),
  "=": (view, now) => zoom(view, 0.5, 1, now),
  "-": (view, now) => zoom(view, 2, 1, now),
  End: (view, now) => ({ from: now - (view.to - view.from), to: now }),
};

/** Handles the mouse wheel, dragging and pinching. Wheel movements beyond the zoom limits scroll the page, as do vertical swipes. */
function gestures(element: HTMLElement, change: Props["change"]): () => void {
  const pointers = new Map<number, number>();
  const width = () => (element.querySelector(".u-over") ?? element).getBoundingClientRect().width || 1;
  const place = (x: number) => {
    const box = (element.querySelector(".u-over") ?? element).getBoundingClientRect();
    return Math.min(Math.max((x - box.left) / (box.width || 1), 0), 1);
  };
  const wheel = (event: WheelEvent) => {
    change((old, now) => {
      const next = Math.abs(event.deltaX) > Math.abs(event.deltaY)
        ? pan(old, event.deltaX / width(), now)
        : zoom(old, Math.exp(Math.sign(event.deltaY) * 0.2), place(event.clientX), now);
      if (next.from !== old.from || next.to !== old.to) {
        event.preventDefault();
      }

      return next;
    });
  };
  const down = (event: PointerEvent) => {
    if (event.button === 0) {
      pointers.set(event.pointerId, event.clientX);
    }
  };
  const moved = (event: PointerEvent) => {
    const before = pointers.get(event.pointerId);
    if (before === undefined) {
      return;
    }

    const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, x]) => x);
    pointers.set(event.pointerId, event.clientX);
    if (others.length === 0) {
      change((old, now) => pan(old, (before - event.clientX) / width(), now));
    } else {
      const [apart, apartBefore] = [Math.abs(event.clientX - others[0]!), Math.abs(before - others[0]!)];
      const middle = place((event.clientX + others[0]!) / 2);
      change((old, now) => zoom(old, Math.max(apartBefore, 1) / Math.max(apart, 1), middle, now));
    }
  };
  const up = (event: PointerEvent) => pointers.delete(event.pointerId);
  element.addEventListener("wheel", wheel, { passive: false });
  element.addEventListener("pointerdown", down);
  addEventListener("pointermove", moved);
  addEventListener("pointerup", up);
  addEventListener("pointercancel", up);
  return () => {
    element.removeEventListener("wheel", wheel);
    element.removeEventListener("pointerdown", down);
    removeEventListener("pointermove", moved);
    removeEventListener("pointerup", up);
    removeEventListener("pointercancel", up);
  };
}
