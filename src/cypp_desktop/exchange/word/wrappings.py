"""Word's wrappings round text: who changed it, when and why, and which of two renderings is meant."""

from __future__ import annotations

from collections.abc import Iterator

from cypp_desktop.exchange.word.package import Element, W

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TRANSPARENT = {W + name for name in ("ins", "moveTo", "customXml", "smartTag", "sdtContent", "bdo", "dir")}
GONE = {
    W + name for name in ("del", "moveFrom", "instrText", "delText", "delInstrText", "rPr", "pPr", "sdtPr")
}


def unwrapped(parent: Element) -> Iterator[Element]:
    """The children of ``parent``, with wrappers that only say who, when or why looked through."""
    for child in parent:
        yield from looked_through(child)


def looked_through(element: Element) -> Iterator[Element]:
    """An element, or what is in it if it is a wrapper; nothing where it is no part of the text."""
    if not isinstance(element.tag, str) or element.tag in GONE:
        return
    if element.tag == W + "sdt":
        if not is_contents_table(element) and not is_hint(element):
            yield from unwrapped(element)
    elif element.tag in _TRANSPARENT:
        yield from unwrapped(element)
    elif element.tag == MC + "AlternateContent":
        yield from unwrapped(chosen(element))
    else:
        yield element


def is_hint(control: Element) -> bool:
    """Whether a control still holds only the hint what to fill in."""
    return control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None


def is_contents_table(control: Element) -> bool:
    """Whether a control holds the list of contents that Word makes."""
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and "contents" in gallery.get(W + "val", "").casefold()


def chosen(alternatives: Element) -> Element:
    """The one of several renderings that has words: the same text box is stored twice."""
    options = [child for child in alternatives if isinstance(child.tag, str)]
    with_words = [option for option in options if _has_words(option)]
    return (with_words or options or [alternatives])[0]


def _has_words(parent: Element) -> bool:
    return any((text.text or "").strip() for text in parent.iter(W + "t"))


def unwrapped_runs(parent: Element) -> Iterator[Element]:
    """The runs and holders of runs in ``parent``; of several renderings one."""
    for child in parent:
        if not isinstance(child.tag, str) or child.tag in GONE:
            continue
        if child.tag == MC + "AlternateContent":
            yield from unwrapped_runs(chosen(child))
        else:
            yield child
