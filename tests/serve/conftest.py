from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.serve.app import create_app
from bot.serve.settings import Settings
from tests.packs import write_bakery

Open = Callable[..., TestClient]


@pytest.fixture(scope="session")
def bakery_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bakery(tmp_path_factory.mktemp("bakery"))


@pytest.fixture
def serving(bakery_folder: Path) -> Iterator[Open]:
    """The application about the bakery, without a socket: `serving(rate=5, …)` with any settings."""
    with ExitStack() as stack:

        def open_(**settings: Any) -> TestClient:
            app = create_app(Settings(**{"pack": str(bakery_folder), "rate": 0.0, **settings}))
            return stack.enter_context(TestClient(app, base_url="http://127.0.0.1"))

        yield open_


@pytest.fixture
def client(serving: Open) -> TestClient:
    return serving()
