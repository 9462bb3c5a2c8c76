// What was not done, in the server's own sentence.

import type { ReactNode } from "react";
import type { Refusal } from "./api.ts";

export function Problem({ refusal, children }: { refusal: Refusal | undefined; children?: ReactNode }) {
  if (!refusal) return null;
  return (
    <div className="problem" role="alert">
      <p>{refusal.message}</p>
      {children}
    </div>
  );
}
