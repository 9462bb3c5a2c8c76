// A page of its own, without a server: over a made-up week, or over a Google that answers on this machine (`?google=http://127.0.0.1:PORT`).

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "@fullcalendar/react/skeleton.css";
import "@fullcalendar/react/themes/forma/theme.css";
import "@fullcalendar/react/themes/forma/palettes/blue.css";
import "../style.css";
import "../theme.ts";
import { App } from "./App.tsx";
import { load } from "./load.ts";

const root = createRoot(document.getElementById("root")!);
try {
  const week = await load(new URLSearchParams(location.search));
  root.render(
    <StrictMode>
      <App week={week} />
    </StrictMode>,
  );
} catch (error) {
  root.render(<p role="alert">{error instanceof Error ? error.message : String(error)}</p>);
}
