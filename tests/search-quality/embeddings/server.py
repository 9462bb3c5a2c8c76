#!/usr/bin/env python
"""A real embedding server on loopback: `POST /v1/embeddings` as OpenAI has it, over all-MiniLM-L6-v2.

`server.py [--port N]`: by default it takes a free port. It prints `listening on http://127.0.0.1:N` once it answers.
"""

import argparse
import base64
import json
import os
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# The passes of the model go side by side already: more threads within each only get in their way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from model import DIMENSIONS, NAME, Model

# How many texts one request may hold: OpenAI's own limit.
MOST_TEXTS = 2048


class Refused(Exception):
    """What was asked for cannot be done; said in OpenAI's form."""

    def __init__(self, status: HTTPStatus, message: str, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}


def answer(model: Model, request: object) -> dict:
    """The answer to a request's JSON."""
    if not isinstance(request, dict):
        raise Refused(HTTPStatus.BAD_REQUEST, "the body must be a JSON object")
    texts = texts_of(request.get("input"))
    form = request.get("encoding_format", "float")
    if form not in ("float", "base64"):
        raise Refused(HTTPStatus.BAD_REQUEST, "encoding_format must be float or base64", "encoding_format")
    if request.get("model") != NAME:
        message = f"the only model here is {NAME}"
        raise Refused(HTTPStatus.NOT_FOUND, message, "model", "model_not_found")
    if request.get("dimensions", DIMENSIONS) != DIMENSIONS:
        raise Refused(HTTPStatus.BAD_REQUEST, f"{NAME} has {DIMENSIONS} dimensions", "dimensions")
    embedded = model.embed(texts)
    vectors = embedded.vectors.tolist()
    if form == "base64":
        vectors = [base64.b64encode(vector.tobytes()).decode() for vector in embedded.vectors]
    return {
        "object": "list",
        "data": [{"object": "embedding", "index": at, "embedding": vector} for at, vector in enumerate(vectors)],
        "model": NAME,
        "usage": {"prompt_tokens": embedded.tokens, "total_tokens": embedded.tokens},
    }


def texts_of(given: object) -> list[str]:
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) and text for text in texts):
        raise Refused(HTTPStatus.BAD_REQUEST, "input must be a text, or an array of texts, none empty", "input")
    if len(texts) > MOST_TEXTS:
        raise Refused(HTTPStatus.BAD_REQUEST, f"input may hold {MOST_TEXTS} texts at most", "input")
    return texts


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else the body waits for the caller to acknowledge the head
    model: Model

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            if self.path != "/v1/embeddings":
                raise Refused(HTTPStatus.NOT_FOUND, f"there is nothing at {self.path}")
            self.reply(HTTPStatus.OK, answer(self.model, parsed(body)))
        except Refused as refused:
            self.reply(refused.status, refused.body)

    def reply(self, status: HTTPStatus, value: dict) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is logged: a request's text is a person's calendar."""


def parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError as error:
        raise Refused(HTTPStatus.BAD_REQUEST, f"the body is not JSON: {error}") from error


def server(port: int = 0) -> ThreadingHTTPServer:
    Handler.model = Model(os.cpu_count() or 1)
    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="all-MiniLM-L6-v2 behind /v1/embeddings")
    arguments.add_argument("--port", type=int, default=0, help="the port of loopback; 0 takes a free one")
    serving = server(arguments.parse_args().port)
    print(f"listening on http://127.0.0.1:{serving.server_port}", flush=True)
    serving.serve_forever()
