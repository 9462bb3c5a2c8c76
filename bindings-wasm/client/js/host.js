// What the module asks of the host: to send, to wait. Where nobody waits for it any more, it is aborted.

/** A request; nothing of the page goes with it but its token, and a redirect is not followed. */
export class Sending {
  #controller = new AbortController();

  constructor(method, url, headers, body) {
    const names = headers.filter((_, place) => place % 2 === 0);
    this.answer = answered(url, {
      method,
      body,
      headers: names.map((name, place) => [name, headers[2 * place + 1]]),
      signal: this.#controller.signal,
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      cache: "no-store",
    });
    // Where nobody waits, nobody hears of it.
    this.answer.catch(() => {});
  }

  abort() {
    this.#controller.abort();
  }
}

async function answered(url, request) {
  const response = await fetch(url, request);
  const header = (name) => response.headers.get(name) ?? undefined;
  const body = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, retryAfter: header("retry-after"), date: header("date"), body };
}

export class Sleep {
  constructor(milliseconds) {
    this.done = new Promise((over) => (this.timer = setTimeout(over, milliseconds)));
  }

  abort() {
    clearTimeout(this.timer);
  }
}
