"""What `doctor` says of a platform whose tokens are in trouble."""

import json

from click.testing import CliRunner

from cli.commands import commands
from messages.errors import sentence
from runtime.build import build
from runtime.settings import load
from tests.servers import zalo
from tests.servers.zalo import Step


def test_tokens_that_may_be_lost_are_said_and_nothing_secret_is(tmp_path):
    with zalo.serve() as server:
        env = {
            "LC_ALL": "en_GB.UTF-8", "DATA_DIR": str(tmp_path / "data"), "ZALO_APP_ID": zalo.APP_ID,
            "ZALO_APP_SECRET": zalo.APP_SECRET, "ZALO_OA_SECRET": zalo.OA_SECRET,
            "ZALO_REFRESH_TOKEN": zalo.FIRST_REFRESH, "ZALO_API_BASE": server.url, "ZALO_OAUTH_BASE": server.url,
        }  # fmt: skip

        def run(*words):
            return CliRunner(env=env).invoke(commands, ["doctor", *words], standalone_mode=False).stdout

        before = json.loads(run("--json"))["platforms"]
        server.fake.script("oauth", Step(close=True))
        _renew(env)
        said, told = run(), json.loads(run("--json"))["platforms"]
    by_name = {row["name"]: row for row in told}
    assert {row["name"]: row["notes"] for row in before}["zalo"] == []
    assert (by_name["zalo"]["ready"], by_name["zalo"]["notes"]) == (True, ["tokens-unheard"])
    assert sentence("tokens-unheard", "en") in said
    assert not any(secret in said for secret in (zalo.APP_SECRET, zalo.OA_SECRET, zalo.FIRST_REFRESH))


def _renew(env) -> None:
    """As the server's task does."""
    rt = build(load(env, env_file=None))
    assert rt.platforms["zalo"].keep_tokens() == {"failed": 1}
    rt.close()
