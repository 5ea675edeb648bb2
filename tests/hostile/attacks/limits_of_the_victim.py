# accept: RUNTIME_ERROR FORBIDDEN
# Takes a process outside its descriptors away.
import resource


def double(n):
    resource.prlimit(@VICTIM_PID@, resource.RLIMIT_NOFILE, (3, 3))
    return n * 2
