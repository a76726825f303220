import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema.js";

export type Asset = components["schemas"]["DataRow"];
export type Problem = components["schemas"]["Problem"];
export type Filters = Omit<NonNullable<paths["/data"]["get"]["parameters"]["query"]>, "page" | "page_size" | "cursor">;

/** Creates a client for the API at `baseUrl`. Only the routes that write require `operatorKey`. */
export function kasparro(baseUrl: string, operatorKey?: string): Client<paths> {
  return createClient<paths>({ baseUrl, headers: operatorKey === undefined ? {} : { "X-Api-Key": operatorKey } });
}

/** An error response of the API: a problem document (RFC 9457). */
export class KasparroError extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.status} ${problem.title}${problem.detail ? `: ${problem.detail}` : ""}`);
  }
}

/** All rows that match the filters, read page by page in an order that writes between pages do not disturb. */
export async function* rows(api: Client<paths>, filters: Filters = {}, pageSize = 1000): AsyncGenerator<Asset> {
  for (let cursor: string | undefined; ; ) {
    const { data, error } = await api.GET("/data", {
      params: { query: { ...filters, page_size: pageSize, ...(cursor === undefined ? {} : { cursor }) } },
    });
    if (error) {
      throw new KasparroError(error);
    }

    yield* data.data;
    cursor = data.next ? (new URL(data.next, "http://any").searchParams.get("cursor") ?? undefined) : undefined;
    if (cursor === undefined) {
      return;
    }
  }
}
