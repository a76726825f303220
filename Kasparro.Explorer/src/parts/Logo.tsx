/** An asset's logo next to its name, and so mere decoration. Without a path its place is left empty: nothing moves when one comes. */
export function Logo({ path, size }: { path: string | null; size: number }) {
  return path === null
    ? <span class="logo" />
    : <img class="logo" src={path} alt="" width={size} height={size} loading="lazy" decoding="async" />;
}
