"""One module per process: the place where it is wired (进程装配)."""
