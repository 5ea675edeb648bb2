# accept: IMPORT_ERROR RUNTIME_ERROR FORBIDDEN
# Has the import system read the secret for it.
import importlib.util


def double(n):
    spec = importlib.util.spec_from_file_location("x", "@SECRET_FILE@")
    if spec is None:
        from importlib.machinery import SourceFileLoader

        return n * len(SourceFileLoader("x", "@SECRET_FILE@").get_data("@SECRET_FILE@"))
    return n * 2
