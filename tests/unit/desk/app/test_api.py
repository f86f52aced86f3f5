from tests.unit.desk.app.kit import Visitor


async def test_all_but_the_exchange_of_the_start_token_needs_a_session(visitor: Visitor) -> None:
    routes = visitor.app._place.routes
    assert [path for path, route in routes.items() if not route.session] == ["/api/start"]
    for path in routes:
        answer = await visitor.ask(path.removeprefix("/api/"))
        assert answer.status_code == (400 if path == "/api/start" else 401), path
