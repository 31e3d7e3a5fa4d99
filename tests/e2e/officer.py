"""A member of staff at a browser, who reads the product in one language and remembers what the browser asked for."""

import io
from urllib.parse import unquote

from django.utils import translation
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from puente.engines.identity.vocabulary import fold

#: A page that has just been asked for may take a while when both cores are busy.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)


class Officer:
    """Presses and writes by the words on the page: they are given in English and looked up in the page's language."""

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.language = page, language
        self.addresses: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.context.on("request", lambda request: self.addresses.append(request.url))

    def say(self, words: str, context: str = "", **values: object) -> str:
        """Return English words of the product as this officer reads them."""
        with translation.override(self.language):
            said = translation.pgettext(context, words) if context else translation.gettext(words)
        return said % values if values else said

    def count(self, one: str, many: str, number: int) -> str:
        """Return words about a number of things as this officer reads them."""
        with translation.override(self.language):
            return translation.ngettext(one, many, number) % {"number": number}

    def open(self, address: str) -> None:
        """Go to an address of the product, which must be there."""
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status == 200, (address, answer.status)

    def follow(self, words: str, within: Locator | None = None) -> None:
        """Press a link."""
        (within or self.page).get_by_role("link", name=self.say(words)).first.click()

    def press(self, words: str, within: Locator | None = None, **values: object) -> None:
        """Press a button."""
        (within or self.page).get_by_role("button", name=self.say(words, **values)).first.click()

    def field(self, words: str, **values: object) -> Locator:
        """Return the field that a label names."""
        return self.page.get_by_label(self.say(words, **values)).first

    def group(self, words: str) -> Locator:
        """Return a group of choices by its title."""
        return self.page.get_by_role("group", name=self.say(words)).first

    def choose(self, group: str, answer: str) -> None:
        """Choose one answer of a group."""
        self.group(group).get_by_role("radio", name=self.say(answer), exact=True).check()

    def sees(self, words: str, context: str = "", **values: object) -> None:
        """Wait until these words stand on the page."""
        expect(self.page.locator("#main")).to_contain_text(self.say(words, context, **values))

    def said(self, words: str) -> None:
        """Wait until the page reports this."""
        expect(self.page.locator("#messages")).to_contain_text(words)

    def fetch(self, address: str) -> bytes:
        """Return a file of the product as this officer would get it."""
        answer = self.page.request.get(address)
        self.addresses.append(answer.url)
        assert answer.ok, (address, answer.status)
        return answer.body()

    def read_pdf(self, address: str) -> PdfReader:
        """Return a PDF of the product as this officer would get it."""
        return PdfReader(io.BytesIO(self.fetch(address)))

    def never_put_in_an_address(self, names: list[str]) -> None:
        """No request of this browser had a name in its address, with or without accents."""
        for address in self.addresses:
            words = fold(unquote(address))
            assert not [name for name in names if fold(name) in words], "a name stands in an address"


class Typist:
    """The keyboard alone, counting each key pressed; Alt+U counts as two."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, 0

    def write(self, text: str) -> None:
        """Type what the person says; these keys are not counted."""
        self.page.keyboard.type(text, delay=15)

    def press(self, *combinations: str) -> None:
        """Press keys, one combination after the other."""
        for combination in combinations:
            self.keys += combination.count("+") + 1
            self.page.keyboard.press(combination)
