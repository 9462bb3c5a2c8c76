"""The examples in the README. Run as a program it runs the first, with nothing but the package and Python itself."""

import doctest
import re
import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def example(blocks=None):
    """Its first so many blocks of Python, or all of them, as one example."""
    found = re.findall(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return doctest.DocTestParser().get_doctest("\n".join(found[:blocks]), {}, "README.md", None, None)


if __name__ == "__main__":
    ran = doctest.DocTestRunner().run(example(blocks=1))
    sys.exit(ran.failed > 0 or ran.attempted == 0)
