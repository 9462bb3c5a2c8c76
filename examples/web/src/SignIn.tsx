// Nobody is signed in.

import { useEffect, useState } from "react";
import { api } from "./api.ts";

export function SignIn() {
  const [address, setAddress] = useState<string | null>();
  useEffect(() => {
    sessionStorage.clear();
    void api.demonstration().then((found) => setAddress(found?.signIn ?? null));
  }, []);
  return (
    <main className="wait">
      <span aria-hidden="true" className="mark" />
      <h1>Calendar</h1>
      <p>Your Google calendars, and an assistant that asks before it changes anything.</p>
      {address && (
        <>
          <a className="button primary" href={address}>
            Sign in to the demonstration
          </a>
          <p className="quiet">It comes with a made-up person and their calendars. Nothing of yours is read.</p>
        </>
      )}
      {address === null && <p>Nobody is signed in: sign in where you came from, and load this page again.</p>}
    </main>
  );
}
