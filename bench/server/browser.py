"""A browser without a screen: one connection that stays open, cookies, forms with their token."""

from __future__ import annotations

import html
import re
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlencode, urljoin, urlsplit

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
_FIELD = re.compile(r'<input[^>]*\bname="([^"]+)"[^>]*\bvalue="([^"]*)"')
_REDIRECTS = (301, 302, 303)
_PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Page:
    """`ms`: until the last byte of the answer, redirects included. `status` 0: nobody answered."""

    at: str
    status: int
    ms: float
    text: str

    def hidden(self, name: str) -> str:
        """The value of a field of its forms. KeyError: there is none."""
        return html.unescape(dict(_FIELD.findall(self.text))[name])

    def links(self, pattern: str) -> list[str]:
        """What the addresses of this form hold in their group, each once, in their order."""
        found = re.findall(rf'href="{pattern}"', self.text)
        return list(dict.fromkeys(html.unescape(one) for one in found))


class Browser:
    """Of one account; with a token, a program of it. Not for two threads at once."""

    def __init__(self, site: str, bearer: str = "") -> None:
        self._host = urlsplit(site).netloc
        self._connection = self._new()
        self._used = False
        self._cookies: dict[str, str] = {}
        self._token = ""
        self._bearer = bearer

    def open(self, path: str) -> Page:
        return self._ask("GET", path, None)

    def send(self, path: str, **form: str) -> Page:
        """With the token of the page that was opened last."""
        filled = {"csrfmiddlewaretoken": self._token, **form}
        return self._ask("POST", path, urlencode(filled).encode())

    def twin(self) -> Browser:
        """The same session in another window."""
        other = Browser(f"http://{self._host}")
        other._cookies, other._token = dict(self._cookies), self._token
        return other

    def _ask(self, method: str, path: str, content: bytes | None) -> Page:
        begun = time.perf_counter()
        while True:
            status, text, target = self._exchange(method, path, content)
            if status not in _REDIRECTS:
                break
            method, content, path = "GET", None, urljoin(path, target)
        if found := _TOKEN.search(text):
            self._token = found[1]
        return Page(path, status, (time.perf_counter() - begun) * 1000, text)

    def _exchange(self, method: str, path: str, content: bytes | None) -> tuple[int, str, str]:
        """A connection that was left open may have been closed meanwhile: the request then goes
        once more through a new one, as in every browser.
        """
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        if self._bearer:
            headers["Authorization"] = f"Bearer {self._bearer}"
        if content is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._connection.request(method, path, content, headers)
            answer = self._connection.getresponse()
            text = answer.read().decode(errors="replace")
        except (HTTPException, OSError) as fault:
            self._connection.close()
            self._connection = self._new()
            used, self._used = self._used, False
            if used and isinstance(fault, ConnectionError):
                return self._exchange(method, path, content)
            return 0, type(fault).__name__, ""
        self._used = True
        self._keep(answer)
        return answer.status, text, answer.headers.get("Location", "")

    def _keep(self, answer: HTTPResponse) -> None:
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = cookie.partition("=")
            self._cookies[name] = rest.partition(";")[0]

    def _new(self) -> HTTPConnection:
        return HTTPConnection(self._host, timeout=_PATIENCE_SECONDS)
