"""Settings: arguments, then the environment, then what lies beside the database; one clear line for a wrong one."""

from pathlib import Path

import pytest

from api.settings import WrongSetting, settings


def test_everything_lies_beside_the_database():
    found = settings({"database": "sqlite:///there/luoshi.db"}, {})
    assert found.database == "sqlite:///there/luoshi.db"
    assert found.keys == Path("there/luoshi.keys")
    assert found.evidence == Path("there/luoshi.evidence")
    assert found.access_log == Path("there/luoshi.access.log")
    assert found.socket == Path("there/luoshi.sock")
    assert (found.host, found.port) == ("127.0.0.1", 8000)


def test_arguments_win_over_the_environment():
    environment = {"LUOSHI_DATABASE": "sqlite:///a.db", "LUOSHI_PORT": "9000", "LUOSHI_EVIDENCE": "files"}
    found = settings({"database": None, "port": "9001"}, environment)
    assert (found.database, found.port, found.evidence) == ("sqlite:///a.db", 9001, Path("files"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"database": "mysql://x/y"}, "sqlite:///"),
        ({"database": "sqlite:///"}, "sqlite:///"),
        ({"database": "sqlite:///.."}, "目录"),
        ({"port": "0"}, "端口"),
        ({"port": "70000"}, "端口"),
        ({"port": "http"}, "端口"),
        ({"port": "８０００"}, "端口"),
        ({"keys": "."}, "文件"),
        ({"evidence": __file__}, "目录"),
        ({"socket": "/tmp"}, "文件"),
    ],
)
def test_a_wrong_one_gets_one_line(given: dict[str, str], said: str):
    with pytest.raises(WrongSetting) as wrong:
        settings(given, {})
    line = str(wrong.value)
    assert said in line
    assert "\n" not in line
    assert any(character.isascii() and character.isalpha() for character in line)


def test_a_password_is_never_repeated():
    with pytest.raises(WrongSetting) as wrong:
        settings({"database": "postgres+x://me:secret@host/db"}, {})
    assert "secret" not in str(wrong.value)
