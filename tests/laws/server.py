"""Answers runs in a process of its own: a JSON line with a spec comes in, a JSON line with hashes goes out.

``python -m tests.laws.server`` with the environment that is to be compared. Warnings are errors: an overflow that
compiled code passes over in silence must not happen.
"""

import json
import sys
import warnings

from tests.small import Spec, answer


def main() -> None:
    """Serve until the input ends."""
    warnings.simplefilter("error")
    for line in sys.stdin:
        spec = json.loads(line)
        try:
            found = answer(Spec(tuple(spec.pop("changes")), **spec))
        except Exception as error:
            found = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
