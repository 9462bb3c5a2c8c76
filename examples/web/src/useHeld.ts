// Nothing is drawn anew under the hand of somebody who drags.

import { useEffect, useRef, useState } from "react";

/** `value`; while an event is held, what it was when it was taken. */
export function useHeld<T>(value: T): T {
  const [isHeld, setIsHeld] = useState(false);
  const shown = useRef(value);
  if (!isHeld) shown.current = value;
  useEffect(() => {
    const take = ({ target }: PointerEvent) => setIsHeld((target as Element).closest("[data-event]") !== null);
    const leave = () => setIsHeld(false);
    // Before the drop is told, it has to be held still: it is left after that.
    const end = () => setTimeout(leave);
    addEventListener("pointerdown", take, true);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
    return () => {
      removeEventListener("pointerdown", take, true);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
    };
  }, []);
  return shown.current;
}
