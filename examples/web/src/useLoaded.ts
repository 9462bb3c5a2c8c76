// What the server has, as it was last read.

import { useCallback, useEffect, useRef, useState } from "react";
import { Refusal } from "./api.ts";

export interface Loaded<T> {
  /** None until it was read once. */
  value: T | undefined;
  /** Why it could not be read, the last time. */
  refusal: Refusal | undefined;
  reload: () => void;
}

/** Reads with `load` now, whenever `occasion` is another, and every `seconds` while the page is looked at. */
export function useLoaded<T>(load: () => Promise<T>, occasion: unknown, seconds?: number): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, "reload">>({ value: undefined, refusal: undefined });
  const latest = useRef(0);
  const loading = useRef(load);
  loading.current = load;

  const reload = useCallback(() => {
    const turn = ++latest.current;
    const set = (change: (old: typeof state) => typeof state) => turn === latest.current && setState(change);
    loading.current().then(
      // What is the same stays the same: nothing is drawn anew for it.
      (value) => set((old) => ({ value: isSame(old.value, value) ? old.value : value, refusal: undefined })),
      (error: unknown) => {
        const refusal = error instanceof Refusal ? error : new Refusal(0, "internal", String(error));
        set(({ value }) => ({ value, refusal }));
      },
    );
  }, []);

  useEffect(reload, [reload, occasion]);
  useEffect(() => {
    if (!seconds) return;
    const look = () => document.visibilityState === "visible" && reload();
    const timer = setInterval(look, seconds * 1000);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [reload, seconds]);
  return { ...state, reload };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
