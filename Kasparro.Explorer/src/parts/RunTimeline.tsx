import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import type { Run } from "../api";
import { duration, sourceName, utc } from "../format";
import { tone } from "./RunStatusBadge";
import { useWidth } from "./width";

const left = 92;
const right = 6;
const lane = 38;
const narrowest = 4;
const shortest = 3_600_000;
const time = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });

const legend = [
  ["good", "completed"], ["bad", "failed or interrupted"], ["warn", "cancelled or lost its lock"], ["idle", "running"],
] as const;

/** Runs as bars over time, one lane per source; the table below has the same data. One tab stop; arrow keys go from run to run. */
export function RunTimeline({ runs }: { runs: Run[] }) {
  const [, navigate] = useLocation();
  const [host, width] = useWidth<HTMLDivElement>();
  const [current, setCurrent] = useState<string | null>(null);
  const sources = [...new Set(runs.map(run => run.source))].sort();
  const end = Math.max(...runs.map(run => Date.parse(run.started_at) + run.duration_ms));
  const start = Math.min(...runs.map(run => Date.parse(run.started_at)), end - shortest);
  const room = Math.max(width - left - right - narrowest, 1);
  const x = (moment: number) => left + ((moment - start) / (end - start)) * room;
  const height = sources.length * lane + 26;
  const ticks = width < 560 ? [0, 1] : [0, 0.25, 0.5, 0.75, 1];
  const oldestFirst = [...runs].reverse();
  const stop = oldestFirst.find(run => run.run_id === current) ?? runs[0]!;

  const move = (event: KeyboardEvent, by: number) => {
    const to = oldestFirst[oldestFirst.indexOf(stop) + by];
    if (to) {
      event.preventDefault();
      setCurrent(to.run_id);
      (event.currentTarget as SVGElement).querySelector<SVGAElement>(`[data-run="${to.run_id}"]`)?.focus();
    }
  };

  return (
    <figure class="timeline">
      <div ref={host}>
        {width > 0 && (
          <svg
            width={width} height={height} role="group" aria-label="Runs over time; left and right arrow keys go from one to the next"
            onKeyDown={event => move(event, event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : NaN)}
          >
            {sources.map((source, row) => (
              <g key={source}>
                <text x="0" y={row * lane + 24}>{sourceName(source)}</text>
                <line x1={left} x2={width} y1={row * lane + lane} y2={row * lane + lane} />
              </g>
            ))}
            {ticks.map(part => (
              <text
                key={part} x={part === 1 ? width : left + part * room} y={height - 6}
                text-anchor={part === 0 ? "start" : part === 1 ? "end" : "middle"}
              >
                {time.format(start + part * (end - start))}
              </text>
            ))}
            {oldestFirst.map(run => {
              const href = `/explore/runs/${run.run_id}`;
              const odd = run.assessment.verdict === "odd";
              const status = `${run.status.replace("_", " ")}${odd ? ", odd" : ""}`;
              const label = `${sourceName(run.source)}, ${status}, ${utc(run.started_at)}, ${duration(run.duration_ms)}`;
              const from = x(Date.parse(run.started_at));
              const length = Math.max(x(Date.parse(run.started_at) + run.duration_ms) - from, narrowest);
              const top = sources.indexOf(run.source) * lane;
              return (
                <a
                  key={run.run_id} href={href} aria-label={label} data-run={run.run_id} tabindex={run === stop ? 0 : -1}
                  onClick={event => {
                    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
                      event.preventDefault();
                      navigate(href);
                    }
                  }}
                >
                  <title>{label}</title>
                  <rect class={tone(run.status)} x={from} y={top + 12} rx="2" height="20" width={length} />
                  {odd && <circle class="odd" cx={from + length / 2} cy={top + 6} r="3.5" />}
                </a>
              );
            })}
          </svg>
        )}
      </div>
      <ul class="legend">
        {legend.map(([tone, meaning]) => (
          <li key={tone}>
            <svg width="12" height="12" aria-hidden="true"><rect class={tone} width="12" height="12" rx="3" /></svg> {meaning}
          </li>
        ))}
        <li><svg width="12" height="12" aria-hidden="true"><circle class="odd" cx="6" cy="6" r="3.5" /></svg> unlike the runs before it</li>
      </ul>
    </figure>
  );
}
