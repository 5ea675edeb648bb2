# accept: KEY_ERROR
# Its globals offer a loader that would be asked for the source of each line.
class Loader:
    def get_source(self, name):
        raise SystemExit(0)


__loader__, __spec__, __file__ = Loader(), None, "@SECRET_FILE@"


def double(n):
    raise KeyError(n)
