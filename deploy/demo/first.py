"""The first start (首次启动): the demo world and the passwords of its accounts, entered once."""

from api.auth import set_password
from deploy.demo.world import PASSWORD, accounts, seed
from deploy.processes.wiring import application
from deploy.settings import Settings


def enter_demo(settings: Settings) -> None:
    """Enter the demo world; doing it again after a broken first start adds nothing twice."""
    with application(settings) as bihuan:
        seed(bihuan)
    for account, _ in accounts():
        set_password(settings.command, account, PASSWORD)
