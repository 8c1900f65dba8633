import { useRef } from "react";

/** The newest of a value, for effects that must not start anew with each drawing. */
export function useLatest<T>(value: T): { readonly current: T } {
  const ref = useRef(value);
  ref.current = value;
  return ref;
}
