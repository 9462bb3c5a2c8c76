"""What needs an extra of the package says which."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize("missing, program", [("jsonschema", "theo_calendar.tools"), ("mcp", "theo_calendar.mcp")])
def test_a_package_that_is_missing_is_named_with_what_installs_it(missing, program):
    told = {"THEO_USER": "ada", "THEO_TIME_ZONE": "UTC", "THEO_ACCESS_TOKEN": "x"}
    code = f"import sys, runpy; sys.modules[{missing!r}] = None; sys.argv[1:] = []; runpy.run_module({program!r}, run_name='__main__')"
    ran = subprocess.run([sys.executable, "-c", code], env={**os.environ, **told}, capture_output=True, text=True)
    extra = program.removeprefix("theo_calendar.")
    assert ran.returncode != 0 and f"pip install 'theo-calendar[{extra}]'" in ran.stderr
