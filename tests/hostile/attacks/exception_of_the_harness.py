# accept: RUNTIME_ERROR TYPE_ERROR FORBIDDEN
# Raises the very exceptions that the code around it uses.
import sys


def double(n):
    for name, module in list(sys.modules.items()):
        if name.startswith("failpairs"):
            for key, kind in vars(module).items():
                if key in ("NotPlain", "TooLarge", "CandidateFailed"):
                    raise kind({"label": "PASS"})
    raise RuntimeError
