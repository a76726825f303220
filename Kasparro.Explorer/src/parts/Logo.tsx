/** An asset's logo, decorative because its name is next to it. Without a path the space stays empty, so that nothing moves later. */
export function Logo({ path, size }: { path: string | null; size: number }) {
  return path === null
    ? <span class="logo" />
    : <img class="logo" src={path} alt="" width={size} height={size} loading="lazy" decoding="async" />;
}
