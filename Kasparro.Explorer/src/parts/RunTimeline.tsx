import { useLocation } from "wouter-preact";
import type { Run } from "../api";
import { duration, sourceName, utc } from "../format";
import { tone } from "./RunStatusBadge";

const left = 110;
const width = 1000;
const lane = 34;
const time = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });

const legend = [["good", "completed"], ["bad", "failed or interrupted"], ["warn", "cancelled or lost its lock"], ["idle", "running"]] as const;

/** Runs as bars over time, a lane a source. The table below says the same. */
export function RunTimeline({ runs }: { runs: Run[] }) {
  const [, navigate] = useLocation();
  const sources = [...new Set(runs.map(run => run.source))].sort();
  const start = Math.min(...runs.map(run => Date.parse(run.started_at)));
  const end = Math.max(...runs.map(run => Date.parse(run.started_at) + run.duration_ms));
  const x = (moment: number) => left + ((moment - start) / Math.max(end - start, 1)) * (width - left - 10);
  const height = sources.length * lane + 28;

  return (
    <figure class="timeline">
      <svg viewBox={`0 0 ${width} ${height}`} role="group" aria-label="Runs over time">
        {sources.map((source, row) => (
          <g key={source}>
            <text x="0" y={row * lane + 22}>{sourceName(source)}</text>
            <line x1={left} x2={width} y1={row * lane + lane} y2={row * lane + lane} />
          </g>
        ))}
        {[0, 0.25, 0.5, 0.75, 1].map(part => (
          <text key={part} x={left + part * (width - left - 10)} y={height - 6} text-anchor={part === 0 ? "start" : part === 1 ? "end" : "middle"}>
            {time.format(start + part * (end - start))}
          </text>
        ))}
        {runs.map(run => {
          const href = `/explore/runs/${run.run_id}`;
          const label = `${sourceName(run.source)}, ${run.status.replace("_", " ")}, ${utc(run.started_at)}, ${duration(run.duration_ms)}`;
          const from = x(Date.parse(run.started_at));
          return (
            <a
              key={run.run_id} href={href} aria-label={label}
              onClick={event => {
                if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
                  event.preventDefault();
                  navigate(href);
                }
              }}
            >
              <rect
                class={tone(run.status)} x={from} y={sources.indexOf(run.source) * lane + 7} rx="3" height="20"
                width={Math.max(x(Date.parse(run.started_at) + run.duration_ms) - from, 6)}
              >
                <title>{label}</title>
              </rect>
            </a>
          );
        })}
      </svg>
      <ul class="legend">
        {legend.map(([tone, meaning]) => <li key={tone}><svg width="12" height="12" aria-hidden="true"><rect class={tone} width="12" height="12" rx="3" /></svg> {meaning}</li>)}
      </ul>
    </figure>
  );
}
