"""What is posted without script: each ends in a page, and only forms that are offered are taken."""

import os
from pathlib import Path

from silent_courier.server.portal.site import HTML
from tests.unit.server.kit import LETTER_LEN, House, Response, open_house
from tests.unit.server.portal.portal_kit import Page

KIND = ("Content-Type", "multipart/form-data; boundary=b")


async def _post(house: House, path: str = "/en/forms", **fields: bytes) -> Response:
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"
        for name, value in fields.items()
    ]
    body = b"".join(parts) + b"--b--\r\n"
    own = house.server.portal_listen or ""
    async with house.public() as client:
        return await client.request("POST", path, body, headers=[KIND], host=own)


async def test_a_file_of_the_right_length_is_kept_and_any_other_is_not(tmp_path: Path) -> None:
    async with open_house(tmp_path / "s") as house:
        kept = await _post(house, form=b"file", letter=os.urandom(LETTER_LEN))
        refused = await _post(house, form=b"file", letter=os.urandom(LETTER_LEN - 1))
        missing = await _post(house, form=b"file")
        listed = await house.ask_desk("GET", f"/v1/letters?day={house.clock.day}")

        assert [kept.status, refused.status, missing.status] == [200, 400, 400]
        assert dict(kept.headers)[b"content-type"] == HTML
        assert "Your letter is in the letterbox" in Page(kept.body).text
        assert "no letter for us" in Page(refused.body).text
        assert listed.status in {200, 404}


async def test_forms_that_the_operator_does_not_offer_are_not_there(tmp_path: Path) -> None:
    async with open_house(tmp_path / "s") as house:
        for form in (b"receipt", b"write", b"read"):
            answer = await _post(house, form=form, receipt=b"0" * 24, text=b"x")
            assert answer.status == 404
            assert "does not allow this way" in Page(answer.body).text
        for form in (b"other", b""):
            answer = await _post(house, form=form)
            assert answer.status == 404
            assert "There is no such page" in Page(answer.body).text
        assert (await _post(house, "/xx/forms", form=b"file")).status == 405


async def test_the_answer_to_a_form_loaded_again_is_the_page_with_the_forms(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path / "s") as house:
        own = house.server.portal_listen or ""
        page = await house.ask_public("GET", "/en/letterbox", host=own)
        again = await house.ask_public("GET", "/en/forms", host=own)
        assert again.body == page.body
        assert set(Page(page.body).attributes("action")) == {"/en/forms"}
