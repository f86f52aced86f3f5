import asyncio
import re
from typing import Any

import httpx

from silent_courier.cli.demo.desks import sync_desk, sync_first
from silent_courier.cli.demo.pages import desk_pages, page_lines
from silent_courier.cli.demo.places import Places, read_ports
from silent_courier.cli.demo.setup import use_addresses
from silent_courier.cli.demo.stage import open_stage
from silent_courier.cli.output import progress


async def test_a_page_opens_with_what_is_printed_and_gives_the_vault_back(places: Places) -> None:
    with progress() as view:
        async with open_stage(places, read_ports(places), view, 0) as stage:
            use_addresses(places, stage.addresses)
            await sync_first(places, stage, "anna")
            async with desk_pages(places, stage) as apps:
                text = "\n".join(page_lines(places, stage, apps))
                found = re.search(r"Anna +(http://[^/]+)/#(\w+)\n +passphrase +(\w+)", text)
                assert found is not None
                assert f"Source       http://{stage.addresses.portal}\n" in text
                await _visit(*found.groups())
                await sync_desk(places, stage, "anna")


async def _visit(base: str, token: str, passphrase: str) -> None:
    headers = {"Origin": base}
    async with httpx.AsyncClient(base_url=base, trust_env=False, headers=headers) as http:

        async def ask(path: str, **question: object) -> Any:
            answer = await http.post(f"/api/{path}", json=question)
            assert answer.status_code == 200, answer.text
            return answer.json()

        session = (await ask("start", token=token))["session"]
        http.headers["Authorization"] = f"Bearer {session}"
        await ask("unlock", passphrase=passphrase)
        async with asyncio.timeout(20):
            while not (await ask("state"))["sync"]["finished"]:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await ask("lock")
