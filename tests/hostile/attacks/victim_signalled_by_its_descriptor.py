# accept: FORBIDDEN
# Signals a process through a descriptor for it.
import os
import signal


def double(n):
    signal.pidfd_send_signal(os.pidfd_open(@VICTIM_PID@), signal.SIGKILL)
    return n * 2
