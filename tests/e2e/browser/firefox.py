"""Debian's Firefox as a stand-in for Tor Browser at each of its security levels.

The preferences are those by which Tor Browser differs where it matters to a page: all traffic and
all names through tor, onions as secure contexts, private browsing, resistance to fingerprinting;
no JIT and no WebAssembly at Safer, no script at Safest.
"""

import asyncio
import json
import re
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

from tests.e2e.browser.bidi import Bidi, Tab

Level = Literal["standard", "safer", "safest"]

STARTED_WITHIN_S: Final = 60.0
_LISTENING: Final = re.compile(rb"WebDriver BiDi listening on (ws://\S+)")
_ALL_LEVELS: Final[Mapping[str, Any]] = {
    "browser.privatebrowsing.autostart": True,
    "privacy.resistFingerprinting": True,
    "dom.securecontext.allowlist_onions": True,
    "network.dns.blockDotOnion": False,
    "network.proxy.allow_hijacking_localhost": True,
    "dom.serviceWorkers.enabled": False,
    "network.prefetch-next": False,
    "network.dns.disablePrefetch": True,
    "network.http.speculative-parallel-limit": 0,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.healthreport.uploadEnabled": False,
    "toolkit.telemetry.enabled": False,
    "services.settings.server": "data:,",
    "browser.shell.checkDefaultBrowser": False,
    "browser.aboutwelcome.enabled": False,
    "browser.startup.page": 0,
}
_SAFER: Final[Mapping[str, Any]] = {
    "javascript.options.ion": False,
    "javascript.options.baselinejit": False,
    "javascript.options.native_regexp": False,
    "javascript.options.wasm": False,
    "mathml.disabled": True,
}
_SAFEST: Final[Mapping[str, Any]] = {"javascript.enabled": False, "svg.disabled": True}
_BY_LEVEL: Final[Mapping[Level, Mapping[str, Any]]] = {
    "standard": _ALL_LEVELS,
    "safer": {**_ALL_LEVELS, **_SAFER},
    "safest": {**_ALL_LEVELS, **_SAFER, **_SAFEST},
}


@asynccontextmanager
async def open_firefox(
    profile: Path,
    level: Level,
    socks: tuple[str, int] | None = None,
    *,
    preferences: Mapping[str, Any] = MappingProxyType({}),
    kind: type[Tab] = Tab,
) -> AsyncIterator[Tab]:
    """A Firefox with a fresh profile, through this SOCKS proxy; its one tab.

    Args:
        preferences: beside those of the level, and before them.
        kind: of the tab, for another hand than one with a mouse.
    """
    _make_profile(profile, {**_BY_LEVEL[level], **_proxy(socks), **preferences})
    process = await asyncio.create_subprocess_exec(
        *("firefox-esr", "--headless", "--no-remote", "--remote-debugging-port", "0"),
        *("--profile", str(profile), "about:blank"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={"HOME": str(profile), "PATH": "/usr/bin:/bin", "MOZ_CRASHREPORTER_DISABLE": "1"},
        start_new_session=True,
    )
    draining: asyncio.Task[None] | None = None
    try:
        async with asyncio.timeout(STARTED_WITHIN_S):
            address = await _address(process)
        draining = asyncio.create_task(_drain(process))
        session = await Bidi.open(address)
        tree = await session.send("browsingContext.getTree")
        yield kind(session, tree["contexts"][0]["context"])
        await session.close()
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        await process.wait()
        if draining is not None:
            await draining


def _make_profile(profile: Path, preferences: Mapping[str, Any]) -> None:
    profile.mkdir()
    lines = (f'user_pref("{name}", {json.dumps(value)});\n' for name, value in preferences.items())
    (profile / "user.js").write_text("".join(lines))


def _proxy(socks: tuple[str, int] | None) -> Mapping[str, Any]:
    if socks is None:
        return {}
    return {
        "network.proxy.type": 1,
        "network.proxy.socks": socks[0],
        "network.proxy.socks_port": socks[1],
        "network.proxy.socks_remote_dns": True,
        "network.proxy.socks5_remote_dns": True,
    }


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    while line := await process.stderr.readline():
        if found := _LISTENING.search(line):
            return found[1].decode()
    raise RuntimeError("Firefox ended before it listened")


async def _drain(process: asyncio.subprocess.Process) -> None:
    assert process.stderr is not None
    while await process.stderr.read(65536):
        pass
