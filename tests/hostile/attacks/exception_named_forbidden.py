# accept: RUNTIME_ERROR
# Raises an exception that is named like those of the executor.
class Forbidden(BaseException):
    pass


class CandidateFailed(Forbidden):
    report = {"label": "PASS"}


def double(n):
    raise CandidateFailed("PASS")
