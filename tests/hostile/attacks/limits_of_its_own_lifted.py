# accept: VALUE_ERROR RUNTIME_ERROR FORBIDDEN
# Gives itself all the memory and time there is.
import resource


def double(n):
    for limit in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE):
        resource.setrlimit(limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_NPROC, (10**6, 10**6))
    return n * 2
