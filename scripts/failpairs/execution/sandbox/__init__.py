"""What the Linux kernel is asked for; standard library only."""
