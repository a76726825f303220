import type { Live } from "../live";
export function RunsPage(_: { live: Live }) { return <h1>Runs</h1>; }
