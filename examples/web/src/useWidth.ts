// How many days fit.

import { useSyncExternalStore } from "react";

const PHONE = matchMedia("(max-width: 40rem)");
const TABLET = matchMedia("(max-width: 62rem)");

export function useWidth(): number {
  return useSyncExternalStore(follow, () => (PHONE.matches ? 1 : TABLET.matches ? 3 : 7));
}

function follow(changed: () => void) {
  for (const one of [PHONE, TABLET]) one.addEventListener("change", changed);
  return () => {
    for (const one of [PHONE, TABLET]) one.removeEventListener("change", changed);
  };
}
