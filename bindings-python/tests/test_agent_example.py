"""The agent of examples/python-agent, at a terminal of ours."""

import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from conftest import ROOT

EXAMPLE = ROOT / "examples" / "python-agent"


@pytest.fixture
def run(fake_google_program):
    """Runs the example; gives what it prints."""

    def run(*options, answers="", code=0, **environment):
        ran = subprocess.run(
            [sys.executable, str(EXAMPLE / "main.py"), *options],
            env=os.environ | {"FAKE_GOOGLE_BIN": fake_google_program, "PYTHONUTF8": "1"} | environment,
            input=answers,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )
        assert ran.returncode == code, ran.stderr
        return ran.stdout if code == 0 else ran.stderr

    return run


def test_on_the_person_s_yes_it_is_done(run):
    printed = run(answers="y\n")
    assert (
        "Executed. At Google: 'Project review' from 2026-01-08T11:30:00+01:00 to 2026-01-08T12:30:00+01:00" in printed
    )
    assert printed.endswith("Theo: Yes, it is done.\n")
    # The readme shows it, but for the id, which is another one each time, and what the person typed.
    (shown,) = re.findall(r"```text\n(.*?)```", (EXAMPLE / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    without_ids = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "…", printed)
    assert without_ids.replace("[y/N] ", "[y/N] y\n") == shown


@pytest.mark.parametrize("answers", ["n\n", "", "later\n"])
def test_without_a_yes_nothing_is_changed(run, answers):
    printed = run(answers=answers)
    assert "Rejected: nothing is changed." in printed and "Executed" not in printed
    assert printed.endswith("Theo: No: the proposal is rejected.\n")


def test_it_asks_nothing_where_yes_was_said_before(run):
    printed = run("--yes")
    assert "[y/N]" not in printed and "Executed. At Google" in printed


class Completions(BaseHTTPRequestHandler):
    """A model's server: it has the calendars listed, then says how many there are."""

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Authorization"], asked))
        last = asked["messages"][-1]
        message = {"role": "assistant", "content": None}
        if last["role"] == "user":
            function = {"name": "list_calendars", "arguments": "{}"}
            message["tool_calls"] = [{"id": "call-1", "type": "function", "function": function}]
        else:
            message["content"] = f"You have {len(json.loads(last['content'])['calendars'])} calendar."
        body = json.dumps({"choices": [{"message": message}]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Says nothing: what it was asked is kept."""


@pytest.fixture
def completions():
    with ThreadingHTTPServer(("127.0.0.1", 0), Completions) as server:
        server.asked = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_any_server_that_speaks_chat_completions_is_a_model(run, completions):
    url = f"http://127.0.0.1:{completions.server_port}/v1/"
    settings = {"OPENAI_BASE_URL": url, "OPENAI_MODEL": "some-model", "OPENAI_API_KEY": "hush"}
    assert run("--ask", "How many?", **settings).endswith("Theo: You have 1 calendar.\n")
    (path, key, first), (_, _, second) = completions.asked
    assert (path, key, first["model"]) == ("/v1/chat/completions", "Bearer hush", "some-model")
    assert "Mon 2026-01-05 08:00" in first["messages"][0]["content"]
    assert "propose_change" in {tool["function"]["name"] for tool in first["tools"]}
    assert [message["role"] for message in second["messages"]] == ["system", "user", "assistant", "tool"]


def test_what_it_lacks_it_says(run):
    assert "--ask needs a model" in run("--ask", "How many?", code=2)
    assert "THEO_ACCESS_TOKEN" in run("--google", "http://127.0.0.1:1", code=2)
    assert "cargo build -p fake-google" in run(code=1, FAKE_GOOGLE_BIN="/nowhere/fake-google")
