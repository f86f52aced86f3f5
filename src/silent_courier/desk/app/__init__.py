"""The desk as a web app on this machine alone: loopback, one page, one session. Spec §14."""

from silent_courier.desk.app.background import Connect
from silent_courier.desk.app.running import DeskApp, Settings

__all__ = ["Connect", "DeskApp", "Settings"]
