import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Tracks the width of an element in pixels; 0 until it is known. */
export function useWidth<T extends HTMLElement>() {
  const element = useRef<T>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const measure = () => setWidth(element.current!.clientWidth);
    const resize = new ResizeObserver(measure);
    measure();
    resize.observe(element.current!);
    return () => resize.disconnect();
  }, []);

  return [element, width] as const;
}
