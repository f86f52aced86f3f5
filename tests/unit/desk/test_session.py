from silent_courier.desk.remote import DeskServer
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import token


async def test_a_session_s_server_does_not_show_its_token(transport: Transport) -> None:
    shown = repr(DeskServer(transport, token(0)))

    assert token(0).hex() not in shown
    assert repr(token(0)) not in shown
