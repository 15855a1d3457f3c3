"""Sign-in (登录): passwords and server-side sessions, in the database's schema ``auth``."""

from api.auth.passwords import set_password
from api.auth.sessions import Sessions, Signed

__all__ = ["Sessions", "Signed", "set_password"]
