import type { Live } from "../live";
export function RunPage({ id }: { id: string; live: Live }) { return <h1>{id}</h1>; }
