"""Fetching from real servers on this machine that fail, lie, drip and lead astray; and where it never connects to."""

import gzip
import socket
import ssl
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from email.utils import formatdate
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpcore
import pytest
from web_servers import Site, body, dripping, endless, hanging_up, redirect, site, status

from corpus.errors import (
    AddressRefused,
    FetchError,
    InputTooLarge,
    NothingThere,
    SourceBusy,
    SourceTooSlow,
    SourceUnavailable,
    UnusableReply,
)
from corpus.fetching.fetch import Fetcher, Limits
from corpus.fetching.pinned import is_public, look_up

JSON = b'{"id": 1, "words": "night ferry"}'
HOST = "api.example"
PUBLIC = "93.184.215.14"
LIMITS = Limits(max_bytes=100_000, total_s=20, connect_s=5, read_s=5)


class Pauses:
    """A clock that only waiting moves, and how long was waited each time."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Redirected(httpcore.SyncBackend):
    """Notes where a connection was to go, and makes it to a server on this machine in place of the internet."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connected: list[tuple[str, int]] = []

    def connect_tcp(self, host: str, port: int, *rest: Any, **more: Any) -> httpcore.NetworkStream:
        self.connected.append((host, port))
        return super().connect_tcp("127.0.0.1", self.port, *rest, **more)


class NamesInTurn:
    """A resolver whose answer changes from one look-up to the next."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def served() -> Iterator[Site]:
    with site() as made:
        yield made


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
def fetcher(served: Site, pauses: Pauses) -> Fetcher:
    """As an operator sets it who runs the API on this machine."""
    return Fetcher(hosts={HOST}, services={served.url}, limits=LIMITS, clock=pauses.clock, sleep=pauses.sleep)


def limited(served: Site, **limits: Any) -> Fetcher:
    return Fetcher(hosts=(), services={served.url}, limits=LIMITS.model_copy(update=limits))


class TestReplies:
    def test_a_body_comes_as_it_was_sent(self, served: Site, fetcher: Fetcher) -> None:
        fetched = fetcher.get(served.at("/items/1?a=b", body(JSON)))
        assert (fetched.content, fetched.media_type) == (JSON, "application/json")
        assert served.asked == ["/items/1?a=b"]

    def test_who_asks_is_said_and_nothing_secret(self, served: Site, fetcher: Fetcher) -> None:
        fetcher.get(served.at("/1", body(JSON)))
        told = served.headers[0]
        assert told["User-Agent"].startswith("digg-deeper/")
        assert set(told) == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}

    @pytest.mark.parametrize(
        "pack", [gzip.compress, lambda content: gzip.compress(content[:9]) + gzip.compress(content[9:])]
    )
    def test_a_packed_body_is_unpacked(self, served: Site, fetcher: Fetcher, pack: Any) -> None:
        content = JSON * 1_000
        assert fetcher.get(served.at("/1", body(pack(content), Content_Encoding="gzip"))).content == content

    @pytest.mark.parametrize("code", [404, 410])
    def test_nothing_there_is_said_at_once(self, served: Site, fetcher: Fetcher, code: int) -> None:
        url = served.at("/items/1", status(code, b'{"error": "Not Found"}'))
        with pytest.raises(NothingThere, match=url):
            fetcher.get(url)
        assert len(served.asked) == 1

    @pytest.mark.parametrize("code", [201, 204, 206, 300, 304, 400, 401, 403, 451])
    def test_another_status_gives_nothing_to_read(self, served: Site, fetcher: Fetcher, code: int) -> None:
        with pytest.raises(UnusableReply, match=str(code)):
            fetcher.get(served.at("/1", status(code)))
        assert len(served.asked) == 1

    @pytest.mark.parametrize(
        "reply",
        [
            body(b"<!doctype html><title>Log in</title>", "text/html; charset=utf-8"),
            body(b"\xef\xbb\xbf\n <html>", "application/json"),
            body(JSON, "text/html"),
        ],
    )
    def test_a_page_in_place_of_data_is_said(self, served: Site, fetcher: Fetcher, reply: Any) -> None:
        with pytest.raises(UnusableReply, match="HTML"):
            fetcher.get(served.at("/1", reply))

    def test_a_page_may_be_asked_for(self, served: Site, fetcher: Fetcher) -> None:
        assert fetcher.get(served.at("/1", body(b"<html>", "text/html")), json=False).content == b"<html>"

    def test_nothing_in_place_of_data_is_said(self, served: Site, fetcher: Fetcher) -> None:
        with pytest.raises(UnusableReply, match="nothing"):
            fetcher.get(served.at("/1", body(b"")))

    def test_a_packing_that_was_not_asked_for_is_refused(self, served: Site, fetcher: Fetcher) -> None:
        with pytest.raises(UnusableReply, match="br"):
            fetcher.get(served.at("/1", body(b"xx", Content_Encoding="br")))


class TestLimits:
    def test_a_body_that_says_it_is_too_large_is_not_begun(self, served: Site, fetcher: Fetcher) -> None:
        with pytest.raises(InputTooLarge, match="100,000") as caught:
            fetcher.get(served.at("/1", status(200, b"", Content_Length="100001")))
        assert "DIGG_MAX_INPUT_BYTES" in caught.value.next_step

    def test_a_body_of_the_largest_size_is_read(self, served: Site, fetcher: Fetcher) -> None:
        assert len(fetcher.get(served.at("/1", body(b"1" * 100_000))).content) == 100_000

    def test_a_body_without_an_end_is_ended(self, served: Site, fetcher: Fetcher) -> None:
        with pytest.raises(InputTooLarge):
            fetcher.get(served.at("/1", endless()))

    def test_a_little_that_unpacks_to_much_is_noticed_in_time(self, served: Site, fetcher: Fetcher) -> None:
        small = gzip.compress(b"0" * 50_000_000, 9)
        assert len(small) < 100_000
        with pytest.raises(InputTooLarge):
            fetcher.get(served.at("/1", body(small, Content_Encoding="gzip")))

    def test_packed_nothing_without_an_end_is_ended(self, served: Site, fetcher: Fetcher) -> None:
        nothing = gzip.compress(b"")
        with pytest.raises(InputTooLarge):
            fetcher.get(served.at("/1", endless(nothing * 1_000, Content_Encoding="gzip")))

    def test_a_body_that_drips_is_given_up(self, served: Site) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"
        with pytest.raises(SourceTooSlow, match="DIGG_FETCH_TOTAL_S"):
            limited(served, total_s=0.3).get(served.at("/1", dripping(head)))

    def test_a_head_that_drips_is_given_up(self, served: Site) -> None:
        with pytest.raises(SourceTooSlow, match="DIGG_FETCH_TOTAL_S"):
            limited(served, total_s=0.3).get(served.at("/1", dripping(b"HTTP/1.1 200 OK\r\nX-Much: ")))

    def test_a_server_that_says_nothing_is_given_up(self, served: Site) -> None:
        with pytest.raises(SourceTooSlow, match="DIGG_FETCH_READ_S") as caught:
            limited(served, read_s=0.2).get(served.at("/1", lambda _: served.ended.wait(10) and None))
        assert (caught.value.status, caught.value.retryable) == (504, True)

    def test_a_head_without_an_end_is_ended(self, served: Site, fetcher: Fetcher) -> None:
        with pytest.raises(SourceUnavailable):
            fetcher.get(served.at("/1", hanging_up(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000)))

    def test_a_resolver_that_does_not_answer_is_given_up(self, served: Site) -> None:
        def asleep(host: str, port: int) -> Sequence[str]:
            served.ended.wait(10)
            return ()

        with pytest.raises(SourceTooSlow):
            Fetcher(hosts={HOST}, limits=Limits(connect_s=0.1), resolve=asleep).get(f"https://{HOST}/")


class TestTryingAgain:
    def test_a_rest_that_is_asked_for_is_kept(self, served: Site, fetcher: Fetcher, pauses: Pauses) -> None:
        told: list[str] = []
        url = served.at("/1", status(429, Retry_After="7"), body(JSON))
        assert fetcher.get(url, tell=told.append).content == JSON
        assert pauses.slept == [7]
        assert "7 s" in told[0]

    def test_a_rest_may_be_asked_for_by_a_date(self, served: Site, fetcher: Fetcher, pauses: Pauses) -> None:
        now = 1_900_000_000.0
        busy = hanging_up(
            f"HTTP/1.1 503 Busy\r\nDate: {formatdate(now, usegmt=True)}\r\n"
            f"Retry-After: {formatdate(now + 11, usegmt=True)}\r\nContent-Length: 0\r\n\r\n".encode()
        )
        fetcher.get(served.at("/1", busy, body(JSON)))
        assert pauses.slept == [11]

    def test_a_date_that_is_over_asks_for_no_rest(self, served: Site, fetcher: Fetcher, pauses: Pauses) -> None:
        fetcher.get(served.at("/1", status(429, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"), body(JSON)))
        assert pauses.slept == [0]

    @pytest.mark.parametrize("asked", ["31", "3600", "9" * 30, "Fri, 31 Dec 9999 23:59:59 GMT"])
    def test_a_rest_that_is_too_long_is_handed_on(
        self, served: Site, fetcher: Fetcher, pauses: Pauses, asked: str
    ) -> None:
        with pytest.raises(SourceBusy, match="DIGG_FETCH_WAIT_S") as caught:
            fetcher.get(served.at("/1", status(429, Retry_After=asked), body(JSON)))
        assert (caught.value.status, caught.value.retryable) == (503, True)
        assert (caught.value.retry_after_s or 0) > 30
        assert (pauses.slept, len(served.asked)) == ([], 1)

    def test_a_rest_that_does_not_fit_the_time_is_handed_on(self, served: Site, pauses: Pauses) -> None:
        fetcher = Fetcher(hosts=(), services={served.url}, limits=LIMITS, clock=pauses.clock, sleep=pauses.sleep)
        with pytest.raises(SourceBusy):
            fetcher.get(served.at("/1", status(429, Retry_After="25")))
        assert pauses.slept == []

    @pytest.mark.parametrize("asked", ["soon", "-1", "", "1.5", "٣", "Mon, 99 Foo 2026"])
    def test_a_rest_that_makes_no_sense_is_our_own(
        self, served: Site, fetcher: Fetcher, pauses: Pauses, asked: str
    ) -> None:
        raw = f"HTTP/1.1 429 Slow down\r\nRetry-After: {asked}\r\nContent-Length: 0\r\n\r\n"
        fetcher.get(served.at("/1", hanging_up(raw.encode()), body(JSON)))
        assert pauses.slept == [1]

    def test_a_failing_server_is_tried_a_few_times_with_longer_rests(
        self, served: Site, fetcher: Fetcher, pauses: Pauses
    ) -> None:
        url = served.at("/1", status(500), status(502), status(504), body(JSON))
        assert fetcher.get(url).content == JSON
        assert pauses.slept == [1, 2, 4]

    def test_a_server_that_goes_on_failing_is_given_up(self, served: Site, fetcher: Fetcher, pauses: Pauses) -> None:
        with pytest.raises(SourceUnavailable, match="500") as caught:
            fetcher.get(served.at("/1", status(500, b"<html>")))
        assert (len(served.asked), caught.value.status, caught.value.retryable) == (4, 502, True)

    def test_a_server_that_stays_busy_is_given_up(self, served: Site, fetcher: Fetcher) -> None:
        with pytest.raises(SourceBusy, match="503"):
            fetcher.get(served.at("/1", status(503)))
        assert len(served.asked) == 4

    @pytest.mark.parametrize(
        "cut",
        [
            status(200, JSON, Content_Length="1000"),
            hanging_up(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12"),
            body(gzip.compress(JSON)[:-9], Content_Encoding="gzip"),
            body(b"no gzip", Content_Encoding="gzip"),
            hanging_up(),
            hanging_up(b"220 mail.example ESMTP\r\n"),
        ],
    )
    def test_a_reply_that_breaks_off_is_asked_for_again(self, served: Site, fetcher: Fetcher, cut: Any) -> None:
        assert fetcher.get(served.at("/1", cut, body(JSON))).content == JSON
        with pytest.raises(SourceUnavailable):
            fetcher.get(served.at("/2", cut))

    def test_nobody_listening_is_said(self, pauses: Pauses) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
            with pytest.raises(SourceUnavailable, match=url):
                Fetcher(hosts=(), services={url}, clock=pauses.clock, sleep=pauses.sleep).get(url)

    def test_a_name_that_is_not_known_is_said(self) -> None:
        def unknown(host: str, port: int) -> Sequence[str]:
            raise socket.gaierror(-2, "Name or service not known")

        with pytest.raises(SourceUnavailable, match=f"{HOST} is not found"):
            Fetcher(hosts={HOST}, resolve=unknown).get(f"https://{HOST}/")


class TestRedirects:
    def test_one_on_the_same_service_is_followed(self, served: Site, fetcher: Fetcher) -> None:
        served.at("/2", body(JSON))
        for code in (301, 302, 303, 307, 308):
            assert fetcher.get(served.at("/1", redirect("/2", code))).url == f"{served.url}/2"

    def test_five_are_followed_and_six_are_not(self, served: Site, fetcher: Fetcher) -> None:
        served.at("/5", body(JSON))
        for step in range(5):
            served.at(f"/{step}", redirect(str(step + 1)))
        assert fetcher.get(f"{served.url}/0").content == JSON
        served.at("/start", redirect("/0"))
        with pytest.raises(UnusableReply, match="more than 5"):
            fetcher.get(f"{served.url}/start")

    def test_a_circle_is_left(self, served: Site, fetcher: Fetcher) -> None:
        served.at("/1", redirect("/2"))
        served.at("/2", redirect("/1"))
        with pytest.raises(UnusableReply, match="redirects"):
            fetcher.get(f"{served.url}/1")
        assert len(served.asked) == 6

    @pytest.mark.parametrize(
        "to",
        [
            "http://127.0.0.1:1/",
            "http://localhost/",
            "http://169.254.169.254/latest/meta-data/",
            "https://169.254.169.254/",
            "http://metadata.google.internal/",
            "file:///etc/passwd",
            "ftp://api.example/",
            "gopher://api.example/",
            "data:application/json,{}",
            "javascript:alert(1)",
            "//evil.example/",
            "https://evil.example/",
            "http://api.example/",
            "https://api.example:8443/",
            "https://api.example./",
            "https://api.example@evil.example/",
            "https://ada:secret@api.example/",
            "https://api.example\\@evil.example/",
            "https://[::1]/",
            "https://[::1",
            "https://api.example:x/",
            "https:///items",
            "https://ａpi.example/",
        ],
    )
    def test_one_that_leads_elsewhere_is_refused(self, served: Site, fetcher: Fetcher, to: str) -> None:
        url = served.at(
            "/1", hanging_up(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + to.encode() + b"\r\n\r\n")
        )
        with pytest.raises(AddressRefused) as caught:
            fetcher.get(url)
        assert url in caught.value.message
        assert "secret" not in str(caught.value)
        assert len(served.asked) == 1

    def test_another_server_on_this_machine_is_not_asked(self, served: Site, fetcher: Fetcher) -> None:
        with site() as other:
            other.at("/", body(JSON))
            with pytest.raises(AddressRefused):
                fetcher.get(served.at("/1", redirect(other.url)))
            assert other.asked == []

    def test_an_allowed_name_that_is_at_home_here_is_refused(self, served: Site) -> None:
        """The name may be asked; where it leads may not."""
        fetcher = Fetcher(hosts={HOST}, services={served.url}, resolve=lambda *_: ("127.0.0.1",))
        with pytest.raises(AddressRefused, match=r"127\.0\.0\.1"):
            fetcher.get(served.at("/1", redirect(f"https://{HOST}/")))


HOSTILE = [
    "http://127.0.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://0/",
    "http://0.0.0.0/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[fe80::1]/",
    "http://[fd00:ec2::254]/",
    "http://localhost/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.0.1/",
    "http://100.64.0.1/",
    "http://100.100.100.200/",
    "http://169.254.169.254/",
    "http://168.63.129.16/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
]


class TestAddresses:
    @pytest.mark.parametrize(
        "url",
        [
            *HOSTILE,
            "http://localhost./",
            "http://api.example/",
            "https://api.example./",
            "https://api.example:444/",
            "https://api.example:0/",
            "https://x.api.example/",
            "https://api.example.evil.example/",
            "https://user@api.example/",
            "https://user:secret@api.example/",
            "https://@api.example/",
            "https://api.example#@evil.example@/\n",
            "https://api.example/ x",
            "https://api.example/\r\nX: y",
            "https://аpi.example/",
            "https://api。example/",
            "https://[api.example]/",
            "api.example",
            "//api.example/",
            "",
            "https://",
            "file:///etc/passwd",
        ],
    )
    def test_what_is_not_allowed_is_not_even_looked_up(self, url: str) -> None:
        names = NamesInTurn([PUBLIC])
        with pytest.raises(AddressRefused) as caught:
            Fetcher(hosts={HOST}, resolve=names).get(url)
        assert names.asked == 0
        assert caught.value.next_step
        assert "secret" not in str(caught.value)

    @pytest.mark.parametrize("url", HOSTILE)
    def test_a_private_address_is_not_connected_to_though_its_name_were_allowed(self, url: str) -> None:
        """Through the system's own resolver, which reads numbers in every notation."""
        host = httpcore.URL(url).host.decode()
        backend = Redirected(1)
        fetcher = Fetcher(hosts={host.strip("[]")}, backend=backend)
        with pytest.raises(AddressRefused, match="no public address"):
            fetcher.get(url.replace("http:", "https:"))
        assert backend.connected == []

    @pytest.mark.parametrize(
        "addresses",
        [
            ["10.0.0.1"],
            [PUBLIC, "10.0.0.1"],
            ["2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::1"],
            ["fe80::1%eth0"],
            ["::ffff:169.254.169.254"],
        ],
    )
    def test_one_private_address_among_public_ones_is_enough(self, addresses: Sequence[str]) -> None:
        backend = Redirected(1)
        with pytest.raises(AddressRefused):
            Fetcher(hosts={HOST}, resolve=NamesInTurn(addresses), backend=backend).get(f"https://{HOST}/")
        assert backend.connected == []

    def test_the_set_service_is_trusted_at_its_own_port_alone(self, served: Site) -> None:
        fetcher = Fetcher(hosts=(), services={served.url})
        assert fetcher.get(served.at("/1", body(JSON))).content == JSON
        for url in (
            f"http://127.0.0.1:{served.port + 1}/1",
            f"https://127.0.0.1:{served.port}/1",
            "http://127.0.0.1/1",
        ):
            with pytest.raises(AddressRefused):
                fetcher.get(url)

    @pytest.mark.parametrize(
        ("address", "public"),
        [
            ("93.184.215.14", True),
            ("1.1.1.1", True),
            ("2606:4700:4700::1111", True),
            ("::ffff:1.1.1.1", True),
            ("64:ff9b::101:101", True),
            ("2002:7f00:1::", False),
            ("2001:0:53aa:64c:0:0:80ff:fffe", False),
            ("64:ff9b:1::101:101", False),
            ("64:ff9b::a9fe:a9fe", False),
            ("::1.1.1.1", False),
            ("::ffff:10.1.2.3", False),
            ("fec0::1", False),
            ("fc00::1", False),
            ("ff02::1", False),
            ("2001:db8::1", False),
            ("192.0.0.192", False),
            ("192.0.2.1", False),
            ("198.18.0.1", False),
            ("240.0.0.1", False),
            ("100.127.255.254", False),
        ],
    )
    def test_public_is_told_from_private(self, address: str, public: bool) -> None:
        assert is_public(ip_address(address)) is public


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Of api.example, made for this run."""
    folder = tmp_path_factory.mktemp("certificate")
    key, made = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", str(key), "-out", str(made), "-days", "2", "-subj", f"/CN={HOST}"]
    try:
        subprocess.run([*command, "-addext", f"subjectAltName=DNS:{HOST}"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"openssl makes no certificate: {error}")
    return key, made


class TestPinned:
    @pytest.fixture
    def secure(self, certificate: tuple[Path, Path]) -> Iterator[Site]:
        key, made = certificate
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(made, key)
        with site(context) as running:
            running.at("/items/1", body(JSON))
            yield running

    def fetcher(
        self, trusting: Path, backend: Redirected, names: NamesInTurn, hosts: Iterable[str] = (HOST,)
    ) -> Fetcher:
        context = ssl.create_default_context(cafile=trusting)
        pauses = Pauses()
        return Fetcher(
            hosts=tuple(hosts),
            resolve=names,
            backend=backend,
            ssl_context=context,
            clock=pauses.clock,
            sleep=pauses.sleep,
        )

    def test_the_address_that_was_judged_is_the_one_connected_to(
        self, secure: Site, certificate: tuple[Path, Path]
    ) -> None:
        """The name leads home from the second look-up on: there is none. The certificate is the name's all the same."""
        names, backend = NamesInTurn([PUBLIC], ["127.0.0.1"]), Redirected(secure.port)
        fetched = self.fetcher(certificate[1], backend, names).get(f"https://{HOST}/items/1")
        assert (fetched.content, backend.connected, names.asked) == (JSON, [(PUBLIC, 443)], 1)
        assert secure.headers[0]["Host"] == HOST

    def test_a_name_that_changes_between_two_tries_is_judged_again(
        self, secure: Site, certificate: tuple[Path, Path]
    ) -> None:
        secure.at("/items/1", status(500))
        names, backend = NamesInTurn([PUBLIC], ["127.0.0.1"]), Redirected(secure.port)
        with pytest.raises(AddressRefused):
            self.fetcher(certificate[1], backend, names).get(f"https://{HOST}/items/1")
        assert backend.connected == [(PUBLIC, 443)]

    def test_a_name_that_changes_between_two_redirects_is_judged_again(
        self, secure: Site, certificate: tuple[Path, Path]
    ) -> None:
        secure.at("/items/1", redirect("/items/2"))
        names, backend = NamesInTurn([PUBLIC], ["10.0.0.1"]), Redirected(secure.port)
        with pytest.raises(AddressRefused):
            self.fetcher(certificate[1], backend, names).get(f"https://{HOST}/items/1")
        assert secure.asked == ["/items/1"]

    def test_a_certificate_of_another_name_is_refused(self, secure: Site, certificate: tuple[Path, Path]) -> None:
        backend = Redirected(secure.port)
        fetcher = self.fetcher(certificate[1], backend, NamesInTurn([PUBLIC]), hosts=["other.example"])
        with pytest.raises(SourceUnavailable, match="certificate"):
            fetcher.get("https://other.example/items/1")
        assert secure.asked == []

    def test_a_certificate_of_nobody_known_is_refused(self, secure: Site) -> None:
        pauses, backend = Pauses(), Redirected(secure.port)
        fetcher = Fetcher(
            hosts={HOST}, resolve=NamesInTurn([PUBLIC]), backend=backend, clock=pauses.clock, sleep=pauses.sleep
        )
        with pytest.raises(SourceUnavailable, match="certificate"):
            fetcher.get(f"https://{HOST}/items/1")

    def test_the_next_address_is_tried_where_one_does_not_answer(
        self, secure: Site, certificate: tuple[Path, Path]
    ) -> None:
        class OneIsDown(Redirected):
            def connect_tcp(self, host: str, port: int, *rest: Any, **more: Any) -> httpcore.NetworkStream:
                if ":" in host:
                    raise httpcore.ConnectError("no route")
                return super().connect_tcp(host, port, *rest, **more)

        backend = OneIsDown(secure.port)
        names = NamesInTurn(["2606:4700:4700::1111", PUBLIC])
        assert self.fetcher(certificate[1], backend, names).get(f"https://{HOST}/items/1").content == JSON


def test_the_systems_resolver_gives_numbers() -> None:
    assert look_up("127.0.0.1", 80) == ("127.0.0.1",)


def test_every_error_names_the_address_and_a_next_step(served: Site, fetcher: Fetcher) -> None:
    replies = [status(404), status(500), status(429), status(403), body(b"<html>"), redirect("http://127.0.0.1:1/")]
    for place, reply in enumerate([*replies, status(200, Content_Length="9" * 9)]):
        url = served.at(f"/{place}", reply)
        with pytest.raises((FetchError, InputTooLarge)) as caught:
            fetcher.get(url)
        assert url in caught.value.message
        assert caught.value.next_step.endswith(".")
