"""How bihuan is put up (部署): embedded on one machine, and the ``bihuan`` command."""
