# accept: PASS
# Innocent: works by way of temporary files of all kinds, with a name and without.
import os
import tempfile


def double(n):
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(str(n))
        file.flush()
        with open(file.name) as again:
            n = int(again.read())
    for _ in range(10):
        for make in (tempfile.TemporaryFile, lambda: tempfile.SpooledTemporaryFile(max_size=1)):
            with make() as file:
                file.write(b"some text")
    number, name = tempfile.mkstemp()
    with os.fdopen(number, "w") as file:
        file.write(str(n * 2))
    folder = tempfile.mkdtemp()
    with tempfile.NamedTemporaryFile(dir=folder), tempfile.TemporaryFile(dir=folder):
        pass
    os.rmdir(folder)
    with open(name) as file:
        return int(file.read())
