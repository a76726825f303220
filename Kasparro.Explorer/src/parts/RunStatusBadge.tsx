/** The colour class of a status. Colour is never the only indication: the status is always written out. */
export function tone(status: string): "good" | "bad" | "warn" | "idle" {
  switch (status) {
    case "completed":
      return "good";
    case "failed":
    case "interrupted":
      return "bad";
    case "cancelled":
    case "lost_lock":
      return "warn";
    default:
      return "idle";
  }
}

export function RunStatusBadge({ status }: { status: string }) {
  return <span class={`badge ${tone(status)}`}>{status.replace("_", " ")}</span>;
}
