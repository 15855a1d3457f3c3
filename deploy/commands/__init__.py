"""The subcommands of ``bihuan`` (命令), a module per group."""
