from cxr_desktop.domain.assessment import DISCLAIMER
from cxr_desktop.domain.quality_sheet import Sheet, SheetFacts
from cxr_desktop.reporting.sheet_text import sheet_layouts
from tests.support.examples import NOON

SVG = '<svg viewBox="0 0 200 100"></svg>'


def facts(*pictures: str) -> SheetFacts:
    sheet = Sheet("Model <b>", (("AUC", "0.95 & more"),), pictures)
    return SheetFacts(sheet, "District Hospital", "Dr Ada Lamb", NOON, "0.1.0")


def test_every_layout_says_all_and_the_pictures_get_smaller_in_their_proportions() -> None:
    roomy, *tighter = sheet_layouts(facts(SVG, SVG))
    for layout in (roomy, *tighter):
        for words in ("District Hospital", "Model &lt;b&gt;", "0.95 &amp; more", DISCLAIMER):
            assert words in layout
    assert 'src="picture-0" width="900" height="450"' in roomy
    assert 'src="picture-1" width="495" height="247"' in tighter[-1]


def test_one_picture_takes_the_whole_width_and_none_no_room() -> None:
    assert 'width="1800" height="900"' in sheet_layouts(facts(SVG))[0]
    assert "<img" not in sheet_layouts(facts())[0]
