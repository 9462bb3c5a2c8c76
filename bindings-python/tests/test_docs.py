"""The examples in the documentation do what they say."""

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import theo_calendar

README = Path(__file__).parents[1] / "README.md"
PUBLIC = {name: getattr(theo_calendar, name) for name in theo_calendar.__all__}
MODULES = [module.name for module in pkgutil.iter_modules(theo_calendar.__path__) if module.name != "_native"]


def examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    for name, value in PUBLIC.items():
        yield from finder.find(value, name, module=False, globs=dict(PUBLIC))
    for name in MODULES:
        yield from finder.find(importlib.import_module(f"theo_calendar.{name}"))


@pytest.mark.parametrize("example", [pytest.param(one, id=one.name) for one in examples() if one.examples])
def test_an_example_in_a_docstring_does_what_it_says(example):
    failures = []
    doctest.DocTestRunner().run(example, out=failures.append)
    assert not failures, "".join(failures)


def test_the_examples_in_the_readme_do_what_they_say():
    blocks = re.findall(r"^```python\n(.*?)^```", README.read_text(), flags=re.MULTILINE | re.DOTALL)
    example = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "README.md", None, None)
    failures = []
    doctest.DocTestRunner().run(example, out=failures.append)
    assert example.examples and not failures, "".join(failures)
