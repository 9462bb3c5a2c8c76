"""The model against its authors' figures, and the server against OpenAI's form."""

import base64
import json
import struct
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from server import server

# From the quickstart in the documentation of sentence-transformers: texts, and how near all-MiniLM-L6-v2 puts them.
TEXTS = ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
PUBLISHED = [[1.0000, 0.6660, 0.1046], [0.6660, 1.0000, 0.1411], [0.1046, 0.1411, 1.0000]]


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    serving = server()
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{serving.server_port}/v1/embeddings"
    serving.shutdown()


def post(url: str, body: object) -> dict:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def ask(url: str, texts: str | list[str], **more: object) -> list[list[float]]:
    data = post(url, {"model": "all-MiniLM-L6-v2", "input": texts, **more})["data"]
    assert [item["index"] for item in data] == list(range(len(data)))
    return [item["embedding"] for item in data]


def near(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def test_similarities_are_those_the_authors_publish(url: str) -> None:
    vectors = ask(url, TEXTS)
    for vector, row in zip(vectors, PUBLISHED, strict=True):
        assert [near(vector, other) for other in vectors] == pytest.approx(row, abs=5e-5)


def test_a_text_has_one_vector_whatever_stands_beside_it(url: str) -> None:
    beside = ["short", "a good deal longer, so that the others are padded: " + "padding " * 60]
    [alone] = ask(url, TEXTS[0])
    together = ask(url, [beside[0], TEXTS[0], beside[1]])[1]
    assert together == pytest.approx(alone, abs=1e-5)


def test_a_text_too_long_is_read_up_to_the_models_limit(url: str) -> None:
    answer = post(url, {"model": "all-MiniLM-L6-v2", "input": "word " * 1000})
    assert answer["usage"] == {"prompt_tokens": 256, "total_tokens": 256}


def test_base64_holds_the_same_numbers(url: str) -> None:
    [numbers], [packed] = ask(url, "same"), ask(url, "same", encoding_format="base64")
    assert list(struct.unpack("<384f", base64.b64decode(packed))) == pytest.approx(numbers, abs=1e-7)


@pytest.mark.parametrize(
    ("body", "status", "param"),
    [
        ({"model": "all-MiniLM-L6-v2", "input": []}, 400, "input"),
        ({"model": "all-MiniLM-L6-v2", "input": ["fine", ""]}, 400, "input"),
        ({"model": "all-MiniLM-L6-v2", "input": [["tokens"]]}, 400, "input"),
        ({"model": "all-MiniLM-L6-v2", "input": ["x"] * 2049}, 400, "input"),
        ({"model": "all-MiniLM-L6-v2", "input": "x", "dimensions": 64}, 400, "dimensions"),
        ({"model": "all-MiniLM-L6-v2", "input": "x", "encoding_format": "int8"}, 400, "encoding_format"),
        ({"model": "text-embedding-3-small", "input": "x"}, 404, "model"),
        ("x", 400, None),
    ],
)
def test_what_cannot_be_done_is_refused_in_openais_form(url: str, body: object, status: int, param: str | None) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        post(url, body)
    assert refused.value.code == status
    error = json.load(refused.value)["error"]
    assert error["message"] and error["type"] == "invalid_request_error" and error["param"] == param
