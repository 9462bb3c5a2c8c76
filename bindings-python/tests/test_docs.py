"""The examples in the documentation do what they say."""

import doctest
import enum
import importlib
import inspect
import pkgutil

import pytest
import readme

import theo_calendar
from theo_calendar import blocking, errors

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
    example = readme.example()
    failures = []
    doctest.DocTestRunner().run(example, out=failures.append)
    assert example.examples and not failures, "".join(failures)


def public():
    """Each public name as one would write it, with the methods and properties of classes."""
    kinds = {
        f"errors.{name}": value for name, value in vars(errors).items() if inspect.isclass(value) and name[0] != "_"
    }
    for name, value in {**PUBLIC, **kinds, "blocking.CalendarService": blocking.CalendarService}.items():
        yield name, value
        if inspect.isclass(value) and not issubclass(value, enum.Enum):
            # Fields that Python keeps by itself are said with `#:`, where they are declared.
            fields = {*getattr(value, "_fields", ()), *getattr(value, "__slots__", ())}
            for member, found in vars(value).items():
                if member[0] != "_" and member not in fields:
                    if inspect.isdatadescriptor(found) or callable(getattr(value, member)):
                        yield f"{name}.{member}", found


@pytest.mark.parametrize("value", [pytest.param(value, id=name) for name, value in public()])
def test_every_public_name_says_what_it_is(value):
    said = value.__doc__
    # What dataclass writes by itself is only the signature.
    assert said and not said.startswith(f"{getattr(value, '__name__', '')}(")
