"""Compose `resources/common_passwords.txt`: ``python -m tests.support.compose_blocklist``.

Nothing is copied from a list of leaked passwords: words that people take, put together as people
put them together, walks over the keyboard, counting, and what lies near a hospital's X-ray desk.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from cxr_desktop.services.passwords import folded

FILE = Path(__file__).resolve().parents[2] / "resources" / "common_passwords.txt"
HEAD = (
    "# Common passwords, as cxr_desktop.services.passwords.folded writes them; made by\n"
    "# tests/support/compose_blocklist.py. Licence: that of the program.\n"
)
SHORTEST, LONGEST_WALK = 6, 24

SECRET = """password passwort passwd passphrase passcode motdepasse contrasena senha parola parool
heslo haslo salasana adgangskode losenord kennwort secret geheim letmein opensesame changeme
default temporary temp123 guest login logon signin unlock access master system root superuser
administrator administrador administrateur admin user username benutzer test testing demo sample
nopassword mypassword yourpassword newpassword oldpassword welcome willkommen bienvenue bienvenido
hello helloworld goodmorning goodbye"""
LIKED = """iloveyou ilovemyself ilovegod iloveme loveyou teamo jetaime forever together always
princess prince angel baby babygirl sweetheart honey darling sunshine sunflower butterfly rainbow
flower rose chocolate cookie banana strawberry monkey dragon tiger lion eagle dolphin unicorn
panther shadow phantom thunder lightning hunter warrior knight ninja samurai pirate champion winner
superman batman spiderman pokemon starwars matrix gandalf hogwarts naruto minecraft fortnite
football soccer cricket baseball basketball hockey tennis liverpool arsenal chelsea barcelona
realmadrid manchester juventus bayern mercedes ferrari porsche toyota honda yamaha google facebook
whatsapp youtube instagram samsung iphone android windows microsoft computer internet keyboard
laptop server network database freedom destiny justice victory blessed blessing jesus jesuschrist
god godisgood allah bismillah mohammed muhammad krishna ganesh buddha halleluja amen mother father
mommy daddy family brother sister michael jennifer jessica daniel andrew joshua matthew anthony
christian nicole ashley amanda maria fatima amina ahmed hassan ibrahim"""
HOSPITAL = """hospital klinik clinic clinica krankenhaus ospedale ward nurse nursing doctor doktor
medico physician surgeon surgery patient patients medical medicine health healthcare emergency
casualty theatre radiology radiologie radiologia radiologist radiographer radiography xray xrays
roentgen rontgen thorax chest lung lungs pulmonary tuberculosis pneumonia covid corona dicom pacs
ris imaging ultrasound scanner cxr cxrdesktop chestxray yolo yolov5 onnx desktop reading readingroom
district districthospital general generalhospital ministry ministryofhealth laboratory pharmacy
matron director technician stethoscope bandage"""
TIME = """january february march april may june july august september october november december
monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter today tomorrow
january1 newyear christmas easter ramadan diwali birthday holiday weekend"""
PLACES = """london paris berlin madrid lisbon rome vienna zurich amsterdam brussels stockholm oslo
copenhagen helsinki warsaw prague budapest athens istanbul ankara cairo lagos abuja accra nairobi
kampala kigali daressalaam lusaka harare maputo luanda kinshasa dakar abidjan bamako addisababa
khartoum tunis algiers rabat casablanca johannesburg capetown durban mumbai delhi newdelhi kolkata
chennai bangalore karachi lahore islamabad dhaka colombo kathmandu yangon bangkok hanoi saigon
jakarta manila kabul tehran baghdad damascus beirut amman riyadh dubai doha sanaa mexico bogota lima
quito lapaz santiago buenosaires saopaulo havana africa asia europe america australia england france
germany india pakistan bangladesh nepal nigeria ghana kenya uganda tanzania zambia malawi ethiopia
rwanda sudan egypt morocco indonesia philippines vietnam brazil peru"""
SAYINGS = """letmeinplease pleaseletmein openthedoor changemenow changethis changethispassword
thisismypassword thisisapassword mypasswordis passwordispassword iforgotmypassword forgotpassword
forgotmypassword donttellanyone topsecret nobodyknows whatever trustno1 thequickbrownfox
thequickbrownfoxjumps loremipsum loremipsumdolor correcthorsebatterystaple correcthorsebattery
onceuponatime tobeornottobe maytheforcebewithyou iamthebest iamnumberone ihatepasswords
ihatecomputers ihatethis ilovemyfamily ilovemymother ilovemywife ilovemyhusband ilovemykids
ilovejesus jesusloves jesuslovesme godbless godblessyou godisgreat thankgod inthenameofgod
abcdefghijkl abcdefghijklmnopqrstuvwxyz onetwothree onetwothreefour einszweidrei undeuxtrois
unodostres"""
# Words that people put together, each with each.
PAIRED = """password admin administrator welcome hospital radiology doctor nurse patient clinic
medical xray chest cxr desktop user login secret master system hello love forever summer winter
spring autumn monday friday january december test temp guest default computer office reception
district general reading room ward system2 letmein changeme access"""
ROWS = (
    "1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn",
)  # fmt: skip
COLUMNS = "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p"
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def entries() -> Iterator[str]:
    """Give every entry, unfolded, some more than once."""
    for text in (SECRET, LIKED, HOSPITAL, TIME, PLACES, SAYINGS):
        yield from text.split()
    paired = PAIRED.split()
    for first, second in product(paired, paired):
        yield first + second
    for first, second in product(("my", "the", "our", "your", "new", "i", "ilove"), paired):
        yield first + second
    for year in range(1940, 2041):
        for word in (*TIME.split(), *HOSPITAL.split()):
            yield f"{word}{year}"
            yield f"{year}{word}"
    yield from _walks()
    yield from _counting()


def _walks() -> Iterator[str]:
    """Neighbouring keys: along one row or several, there and back, down the columns."""
    lines = [*ROWS, "".join(ROWS[:4]), "".join(ROWS[1:4]), "".join(ROWS[4:6]), COLUMNS, LETTERS]
    lines += ["qwertyuiopasdfghjkl", "asdfghjklqwertyuiop", "qazwsxedcrfvtgbyhnujmikolp"]
    for line in lines:
        for way in (line, line[::-1], line + line[::-1], line[::-1] + line, line + line):
            for start in range(len(way)):
                for end in range(start + SHORTEST, min(len(way), start + LONGEST_WALK) + 1):
                    yield way[start:end]


def _counting() -> Iterator[str]:
    """Digits in order, with and without letters before or behind."""
    rows = ("1234567890", "0123456789", "0987654321", "9876543210", "123123", "321321", "112233")
    for row in rows:
        endless = row * 4
        for length in range(SHORTEST, LONGEST_WALK + 1):
            yield endless[:length]
    for letters, digits in product(("abc", "abcd", "abcde", "abcdef", "qwe", "qwer", "qwert",
                                    "qwerty", "asd", "asdf", "zxc", "zxcv", "aa", "xyz"),
                                   ("123", "1234", "12345", "123456", "1234567", "12345678",
                                    "123456789", "1234567890", "321", "4321")):  # fmt: skip
        yield letters + digits
        yield digits + letters
        yield letters + digits + letters
        yield (letters + digits) * 2


def compose() -> str:
    """Return the file's text."""
    made = sorted({folded(entry) for entry in entries() if len(entry) >= SHORTEST})
    return HEAD + "\n".join(made) + "\n"


if __name__ == "__main__":
    FILE.write_text(compose(), encoding="utf-8", newline="\n")
    sys.stdout.write(f"{FILE.name}: {compose().count(chr(10)) - 2} entries\n")
